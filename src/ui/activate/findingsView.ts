import { countBySeverity } from '../../assess/finding.ts';
import type { ContextKeys } from '../platform/contextKeys.ts';
import { Owner } from '../platform/owner.ts';
import type { FindingsList } from '../readiness/findingsList.ts';
import { findingChildren, findingNodes, renderFinding, type FindingTreeNode } from '../readiness/findingNodes.ts';
import { EditorTree } from '../tree/editorTree.ts';

export interface FindingsView {
  readonly tree: EditorTree<FindingTreeNode>;
  dispose(): void;
}

/** The Findings view: there while an assessment is shown. */
export function createFindingsView(list: FindingsList, keys: ContextKeys): FindingsView {
  const owner = new Owner();
  const tree = owner.add(
    new EditorTree<FindingTreeNode>('fhirMigration.findings', renderFinding, findingChildren, () => undefined),
  );
  const draw = (): void => {
    const { shown } = list;
    tree.update(shown === undefined ? [] : findingNodes(shown));
    keys.set('assessed', shown !== undefined);
    const open = shown?.assessment.findings.filter(({ id }) => !Object.hasOwn(shown.accepted, id)) ?? [];
    const { blocker, action } = countBySeverity(open);
    const names = [shown?.source.name, shown?.target?.name].filter((name) => name !== undefined);
    tree.view.description = names.join(' → ');
    tree.view.badge = blocker + action === 0 ? undefined : { value: blocker + action, tooltip: '' };
  };
  owner.onDispose(list.onChange(draw));
  return { tree, dispose: () => owner.dispose() };
}
