import * as vscode from 'vscode';
import type { MigrationList } from '../migrations/migrationList.ts';
import {
  attentionCount,
  migrationChildren,
  migrationNodes,
  renderMigration,
  type MigrationTreeNode,
} from '../migrations/migrationNodes.ts';
import type { ContextKeys } from '../platform/contextKeys.ts';
import { Owner } from '../platform/owner.ts';
import { EditorTree } from '../tree/editorTree.ts';

export interface MigrationsView {
  readonly tree: EditorTree<MigrationTreeNode>;
  readonly draw: () => void;
  dispose(): void;
}

/** The Migrations view: reads the list when it is first shown, then follows it. The badge counts what needs a person. */
export function createMigrationsView(migrations: MigrationList, keys: ContextKeys): MigrationsView {
  const owner = new Owner();
  const tree = owner.add(
    new EditorTree<MigrationTreeNode>('fhirMigration.migrations', renderMigration, migrationChildren, () => {
      if (migrations.states === undefined) void migrations.load();
    }),
  );
  const draw = (): void => {
    const { states, failure, unreadable } = migrations;
    tree.update(migrationNodes(states ?? [], unreadable));
    const waiting = attentionCount(states ?? []);
    tree.view.badge =
      waiting === 0 ? undefined : { value: waiting, tooltip: vscode.l10n.t('{0} need attention', waiting) };
    keys.set(
      'migrationsState',
      failure !== undefined
        ? 'failed'
        : states === undefined
          ? 'notLoaded'
          : states.length + unreadable.size === 0
            ? 'none'
            : 'shown',
    );
    keys.set('hasMigrations', (states ?? []).length > 0);
    if ((states ?? []).some(({ overview }) => overview.phase === 'complete')) keys.set('hasCompleted', true);
  };
  owner.onDispose(migrations.onChange(draw));
  return { tree, draw, dispose: () => owner.dispose() };
}
