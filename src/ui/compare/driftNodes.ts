import {
  type Aspect,
  type AspectComparison,
  type ComparedEntry,
  entryKey,
  hasFailed,
  isDrift,
} from '../../compare/comparison.ts';
import type { Failure } from '../../failure/failure.ts';
import { driftFilter } from './driftFilter.ts';
import type { ShownComparison } from './driftList.ts';
import { stateWords } from './driftWords.ts';

/** One aspect of the comparison: configuration, capability statement and so on. */
export interface AspectNode {
  readonly kind: 'aspect';
  readonly id: string;
  readonly aspect: Aspect;
  readonly failure: Failure | undefined;
  readonly drift: number;
  readonly children: readonly DriftTreeNode[];
}

/** What several entries have in common, such as a resource type. */
export interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly name: string;
  readonly drift: number;
  readonly children: readonly DriftTreeNode[];
}

export interface EntryNode {
  readonly kind: 'entry';
  readonly id: string;
  readonly aspect: Aspect;
  /** Key of the user's choice. */
  readonly key: string;
  readonly name: string;
  readonly entry: ComparedEntry;
  readonly excluded: boolean;
}

export type DriftTreeNode = AspectNode | GroupNode | EntryNode;

export const driftChildren = (node: DriftTreeNode): readonly DriftTreeNode[] =>
  node.kind === 'entry' ? [] : node.children;

/** The tree of a comparison; what both services have alike is left out, and what the filter does not fit. */
export function driftNodes(shown: ShownComparison): readonly AspectNode[] {
  const fits = driftFilter(shown.filter);
  return shown.comparison.aspects.flatMap((result): readonly AspectNode[] => {
    const { aspect } = result;
    if (hasFailed(result))
      return [{ kind: 'aspect', id: `aspect:${aspect}`, aspect, failure: result.failure, drift: 0, children: [] }];
    const entries = entriesOf(result, shown.excluded).filter(({ entry }) =>
      fits([...entry.path, stateWords(entry.state)].join(' ')),
    );
    if (entries.length === 0 && shown.filter !== '') return [];
    return [
      {
        kind: 'aspect',
        id: `aspect:${aspect}`,
        aspect,
        failure: undefined,
        drift: drifting(entries),
        children: grouped(aspect, entries),
      },
    ];
  });
}

/** Keys of the entries at and below nodes, for a choice that is made of many at once. */
export function keysBelow(nodes: readonly DriftTreeNode[]): readonly string[] {
  return [...new Set(nodes.flatMap((node) => (node.kind === 'entry' ? [node.key] : keysBelow(node.children))))];
}

function entriesOf({ aspect, entries }: AspectComparison, excluded: ReadonlySet<string>): readonly EntryNode[] {
  return entries
    .filter(({ state }) => state !== 'copied')
    .map((entry) => {
      const key = entryKey(aspect, entry);
      const name = entry.path.length > 1 ? entry.path.slice(1).join(' › ') : entry.path.join('');
      return { kind: 'entry', id: `entry:${key}`, aspect, key, name, entry, excluded: excluded.has(key) };
    });
}

const drifting = (entries: readonly EntryNode[]): number =>
  entries.filter(({ entry, excluded }) => isDrift(entry) && !excluded).length;

function grouped(aspect: Aspect, entries: readonly EntryNode[]): readonly DriftTreeNode[] {
  const groups = new Map<string, EntryNode[]>();
  const alone: EntryNode[] = [];
  for (const node of entries) {
    const [first = ''] = node.entry.path;
    if (node.entry.path.length < 2) alone.push(node);
    else groups.set(first, [...(groups.get(first) ?? []), node]);
  }
  const together = [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, children]): GroupNode => ({
      kind: 'group',
      id: `group:${aspect}/${name}`,
      name,
      drift: drifting(children),
      children,
    }));
  return [...alone, ...together];
}
