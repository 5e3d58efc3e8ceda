import assert from 'node:assert/strict';
import { contextTokens, type ItemData } from '../../../src/ui/tree/itemData.ts';
import { TreeModel } from '../../../src/ui/tree/treeModel.ts';

interface Node {
  readonly id: string;
  readonly words: string;
  readonly children?: readonly Node[];
}

const render = ({ id, words }: Node): ItemData => ({
  id,
  label: words,
  icon: 'x',
  expansion: 'none',
  contextValue: contextTokens('node'),
  accessibleLabel: words,
});
const model = (): TreeModel<Node> => new TreeModel(render, ({ children }) => children ?? []);
const ids = (changed: readonly ({ readonly id: string } | undefined)[]): (string | undefined)[] =>
  changed.map((ref) => ref?.id);

describe('the identity of tree nodes', () => {
  it('keeps the same object for the same id over refreshes, with its new content', () => {
    const tree = model();
    tree.update([{ id: 'a', words: 'one' }]);
    const before = tree.find('a');
    tree.update([{ id: 'a', words: 'two' }]);
    assert.equal(tree.find('a'), before);
    assert.equal(before?.node.words, 'two');
  });

  it('redraws nothing when nothing changed', () => {
    const tree = model();
    tree.update([{ id: 'a', words: 'one', children: [{ id: 'b', words: 'x' }] }]);
    assert.deepEqual(tree.update([{ id: 'a', words: 'one', children: [{ id: 'b', words: 'x' }] }]), []);
  });

  it('redraws the smallest node that changed', () => {
    const tree = model();
    const roots = (words: string): Node[] => [
      { id: 'a', words: 'one', children: [{ id: 'b', words }] },
      { id: 'c', words: 'two' },
    ];
    tree.update(roots('x'));
    assert.deepEqual(ids(tree.update(roots('y'))), ['b']);
  });

  it('redraws a parent whose children changed, and not its children beside it', () => {
    const tree = model();
    tree.update([{ id: 'a', words: 'one', children: [{ id: 'b', words: 'x' }] }]);
    const next = [
      {
        id: 'a',
        words: 'one',
        children: [
          { id: 'b', words: 'y' },
          { id: 'c', words: 'z' },
        ],
      },
    ];
    assert.deepEqual(ids(tree.update(next)), ['a']);
    assert.equal(tree.find('c')?.parent?.id, 'a');
  });

  it('redraws everything when the roots changed', () => {
    const tree = model();
    tree.update([{ id: 'a', words: 'one' }]);
    assert.deepEqual(ids(tree.update([{ id: 'b', words: 'one' }])), [undefined]);
    assert.equal(tree.find('a'), undefined);
  });
});

describe('context tokens', () => {
  it('stand in their order between semicolons, so that a menu can ask for one of them', () => {
    assert.equal(contextTokens('service', undefined, false, 'ahds', ''), ';service;ahds;');
    assert.match(contextTokens('service', 'canBeTarget'), /;canBeTarget;/);
  });
});
