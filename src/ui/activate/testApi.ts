import type { DriftTreeNode } from '../compare/driftNodes.ts';
import type { MigrationTreeNode } from '../migrations/migrationNodes.ts';
import type { ContextKeys, ContextValues } from '../platform/contextKeys.ts';
import type { Prompts } from '../platform/prompts.ts';
import type { FindingTreeNode } from '../readiness/findingNodes.ts';
import type { EditorTree } from '../tree/editorTree.ts';
import type { ServiceTreeNode } from '../tree/nodes.ts';
import type { TreeRef } from '../tree/treeModel.ts';
import type { DifferenceNode } from '../verify/differenceNodes.ts';
import type { Ui } from '../ui.ts';
import type { Wired } from './createUi.ts';

/** A row of a tree as the editor shows it, with the argument that its menu commands get. */
export interface TestRow<N> {
  readonly ref: TreeRef<N>;
  readonly label: string;
  readonly description: string;
  readonly contextValue: string;
  readonly accessibleLabel: string;
  readonly children: readonly TestRow<N>[];
}

/** What tests in the extension host get from activate, and nobody else: the ports, and what the views show. */
export interface TestApi {
  readonly ui: Ui;
  /** Answers instead of the user; undefined gives the screen back. */
  setPrompts(prompts: Prompts | undefined): void;
  services(): readonly TestRow<ServiceTreeNode>[];
  migrations(): readonly TestRow<MigrationTreeNode>[];
  drift(): readonly TestRow<DriftTreeNode>[];
  differences(): readonly TestRow<DifferenceNode>[];
  findings(): readonly TestRow<FindingTreeNode>[];
  contextKey(key: keyof ContextValues): string | boolean | undefined;
  /** True once the services bundle was loaded. */
  servicesLoaded(): boolean;
}

/** Makes the test interface. */
export function testApi(
  { ui, holder, servicesView, migrationsView, findingsView, driftView }: Wired,
  keys: ContextKeys,
  setPrompts: (prompts: Prompts | undefined) => void,
): TestApi {
  return {
    ui,
    setPrompts,
    services: () => {
      servicesView.draw();
      return rowsOf(servicesView.tree, servicesView.tree.getChildren());
    },
    migrations: () => {
      migrationsView.draw();
      return rowsOf(migrationsView.tree, migrationsView.tree.getChildren());
    },
    drift: () => rowsOf(driftView.tree, driftView.tree.getChildren()),
    differences: () => {
      const tree = ui.differences.view?.tree;
      return tree === undefined ? [] : rowsOf(tree, tree.getChildren());
    },
    findings: () => rowsOf(findingsView.tree, findingsView.tree.getChildren()),
    contextKey: (key) => keys.get(key),
    servicesLoaded: () => holder.loaded,
  };
}

function rowsOf<N extends { readonly id: string }>(
  tree: EditorTree<N>,
  refs: readonly TreeRef<N>[],
): readonly TestRow<N>[] {
  return refs.map((ref) => {
    const { label, description, contextValue, accessibilityInformation } = tree.getTreeItem(ref);
    return {
      ref,
      label: typeof label === 'string' ? label : (label?.label ?? ''),
      description: typeof description === 'string' ? description : '',
      contextValue: contextValue ?? '',
      accessibleLabel: accessibilityInformation?.label ?? '',
      children: rowsOf(tree, tree.getChildren(ref)),
    };
  });
}
