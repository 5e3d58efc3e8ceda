import { driftCounts, type DriftList } from '../compare/driftList.ts';
import { driftChildren, driftNodes, type DriftTreeNode } from '../compare/driftNodes.ts';
import { countWords } from '../compare/driftWords.ts';
import { renderDrift } from '../compare/renderDrift.ts';
import type { ContextKeys } from '../platform/contextKeys.ts';
import { Owner } from '../platform/owner.ts';
import { EditorTree } from '../tree/editorTree.ts';

export interface DriftView {
  readonly tree: EditorTree<DriftTreeNode>;
  dispose(): void;
}

/** The Drift view: there while a comparison is shown. */
export function createDriftView(list: DriftList, keys: ContextKeys): DriftView {
  const owner = new Owner();
  const tree = owner.add(
    new EditorTree<DriftTreeNode>('fhirMigration.drift', renderDrift, driftChildren, () => undefined),
  );
  const draw = (): void => {
    const { shown } = list;
    tree.update(shown === undefined ? [] : driftNodes(shown));
    keys.set('comparing', shown !== undefined);
    if (shown === undefined) return;
    const { source, target } = shown.comparison;
    tree.view.description = `${source.name} ↔ ${target.name}, ${countWords(driftCounts(shown).drift)}`;
    tree.view.message = shown.filter === '' ? '' : `⌕ ${shown.filter}`;
  };
  owner.onDispose(list.onChange(draw));
  return { tree, dispose: () => owner.dispose() };
}
