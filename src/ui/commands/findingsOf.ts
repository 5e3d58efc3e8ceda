import type { Finding } from '../../assess/finding.ts';
import type { FindingNode } from '../readiness/findingNodes.ts';
import { nodeOf } from './selection.ts';

/** Findings of the nodes that a command was called with; all that are selected when several are. */
export function findingsOf(clicked: unknown, selected: unknown): readonly Finding[] {
  const all = Array.isArray(selected) && selected.length > 0 ? (selected as readonly unknown[]) : [clicked];
  return all.flatMap((argument) => {
    const node = nodeOf(argument);
    return node?.kind === 'finding' ? [(node as unknown as FindingNode).finding] : [];
  });
}
