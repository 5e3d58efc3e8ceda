import * as vscode from 'vscode';
import type { ItemData } from './itemData.ts';
import { TreeModel, type TreeRef } from './treeModel.ts';

/** A tree view of the editor over plain nodes: keeps their identity and redraws the smallest part that changed. */
export class EditorTree<N extends { readonly id: string }> implements vscode.TreeDataProvider<TreeRef<N>> {
  readonly view: vscode.TreeView<TreeRef<N>>;
  readonly #model: TreeModel<N>;
  readonly #redraw = new vscode.EventEmitter<TreeRef<N> | undefined>();
  readonly onDidChangeTreeData = this.#redraw.event;
  readonly #wanted: () => void;

  /** @param wanted called when the editor asks for the roots, that is, when the view is shown */
  constructor(
    viewId: string,
    render: (node: N) => ItemData,
    childrenOf: (node: N) => readonly N[],
    wanted: () => void,
  ) {
    this.#model = new TreeModel(render, childrenOf);
    this.#wanted = wanted;
    this.view = vscode.window.createTreeView(viewId, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
  }

  /** Takes the new roots. */
  update(roots: readonly N[]): void {
    for (const changed of this.#model.update(roots)) this.#redraw.fire(changed);
  }

  getChildren(ref?: TreeRef<N>): TreeRef<N>[] {
    if (ref !== undefined) return [...this.#model.children(ref)];
    this.#wanted();
    return [...this.#model.roots];
  }

  getParent(ref: TreeRef<N>): TreeRef<N> | undefined {
    return ref.parent;
  }

  getTreeItem(ref: TreeRef<N>): vscode.TreeItem {
    return itemOf(this.#model.item(ref), ref);
  }

  find(id: string): TreeRef<N> | undefined {
    return this.#model.find(id);
  }

  all(): readonly TreeRef<N>[] {
    return this.#model.all();
  }

  /** Selects a node and brings it into view. */
  async reveal(id: string): Promise<void> {
    const ref = this.find(id);
    if (ref !== undefined) await this.view.reveal(ref, { select: true, focus: true });
  }

  dispose(): void {
    this.view.dispose();
    this.#redraw.dispose();
  }
}

function itemOf(data: ItemData, ref: unknown): vscode.TreeItem {
  const item = new vscode.TreeItem(data.label, expansionOf(data.expansion));
  item.id = data.id;
  item.contextValue = data.contextValue;
  item.accessibilityInformation = { label: data.accessibleLabel, role: 'treeitem' };
  item.iconPath = new vscode.ThemeIcon(
    data.icon,
    data.color === undefined ? undefined : new vscode.ThemeColor(data.color),
  );
  if (data.description !== undefined) item.description = data.description;
  if (data.tooltip !== undefined) {
    const tooltip = new vscode.MarkdownString(data.tooltip);
    tooltip.isTrusted = false;
    item.tooltip = tooltip;
  }
  if (data.command !== undefined) {
    item.command = { command: data.command.id, title: data.command.title, arguments: [ref] };
  }
  return item;
}

function expansionOf(expansion: ItemData['expansion']): vscode.TreeItemCollapsibleState {
  switch (expansion) {
    case 'none':
      return vscode.TreeItemCollapsibleState.None;
    case 'collapsed':
      return vscode.TreeItemCollapsibleState.Collapsed;
    case 'expanded':
      return vscode.TreeItemCollapsibleState.Expanded;
  }
}
