import type { ItemData } from './itemData.ts';

/** A node of a tree as the editor holds it: the object stays the same over refreshes, what it shows changes. */
export interface TreeRef<N> {
  readonly id: string;
  readonly node: N;
  readonly parent: TreeRef<N> | undefined;
}

interface Entry<N> extends TreeRef<N> {
  node: N;
  parent: Entry<N> | undefined;
  children: Entry<N>[];
  rendered: string;
}

/** Keeps the identity of nodes by their ids and finds the smallest part of a tree that changed. */
export class TreeModel<N extends { readonly id: string }> {
  readonly #render: (node: N) => ItemData;
  readonly #childrenOf: (node: N) => readonly N[];
  #entries = new Map<string, Entry<N>>();
  #roots: Entry<N>[] = [];

  constructor(render: (node: N) => ItemData, childrenOf: (node: N) => readonly N[]) {
    this.#render = render;
    this.#childrenOf = childrenOf;
  }

  get roots(): readonly TreeRef<N>[] {
    return this.#roots;
  }

  children(ref: TreeRef<N>): readonly TreeRef<N>[] {
    return this.#entries.get(ref.id)?.children ?? [];
  }

  item(ref: TreeRef<N>): ItemData {
    return this.#render(ref.node);
  }

  find(id: string): TreeRef<N> | undefined {
    return this.#entries.get(id);
  }

  /** All nodes, parents before their children. */
  all(): readonly TreeRef<N>[] {
    return [...this.#entries.values()];
  }

  /** Takes the new tree. Returns the refs to redraw, `undefined` among them for the whole; nothing when all is the same. */
  update(roots: readonly N[]): readonly (TreeRef<N> | undefined)[] {
    const previous = this.#entries;
    const rootsBefore = this.#roots;
    const changed: (TreeRef<N> | undefined)[] = [];
    this.#entries = new Map();
    const place = (node: N, parent: Entry<N> | undefined, covered: boolean): Entry<N> => {
      const known = previous.get(node.id);
      const rendered = JSON.stringify(this.#render(node));
      const entry: Entry<N> = known ?? { id: node.id, node, parent, children: [], rendered };
      const before = known?.children ?? [];
      const differs = known !== undefined && known.rendered !== rendered;
      const nodes = this.#childrenOf(node);
      const moved = before.length !== nodes.length || nodes.some((child, index) => before[index]?.id !== child.id);
      const redraw = !covered && known !== undefined && (differs || moved);
      if (redraw) changed.push(entry);
      entry.node = node;
      entry.parent = parent;
      entry.rendered = rendered;
      this.#entries.set(node.id, entry);
      entry.children = nodes.map((child) => place(child, entry, covered || redraw));
      return entry;
    };
    const rootsMoved =
      rootsBefore.length !== roots.length || roots.some((root, index) => rootsBefore[index]?.id !== root.id);
    this.#roots = roots.map((root) => place(root, undefined, rootsMoved));
    return rootsMoved ? [undefined] : changed;
  }
}
