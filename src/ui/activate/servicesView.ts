import * as vscode from 'vscode';
import { activitiesOf } from '../migrations/activities.ts';
import type { MigrationList } from '../migrations/migrationList.ts';
import { standings } from '../../services/portfolio/standing.ts';
import type { ContextKeys } from '../platform/contextKeys.ts';
import { Owner } from '../platform/owner.ts';
import { Throttle } from '../platform/throttle.ts';
import { buildTree } from '../tree/buildTree.ts';
import { EditorTree } from '../tree/editorTree.ts';
import { emptyState, showsWelcome } from '../tree/emptyState.ts';
import { childrenOf, type ServiceTreeNode } from '../tree/nodes.ts';
import { render } from '../tree/render.ts';
import type { Portfolio } from '../tree/portfolio.ts';
import type { ServiceCatalog } from '../tree/serviceCatalog.ts';

/** Results that arrive together are drawn together. */
const drawMs = 100;

export interface ServicesView {
  readonly tree: EditorTree<ServiceTreeNode>;
  /** Draws what is known at once, for whoever cannot wait for the next frame. */
  readonly draw: () => void;
  dispose(): void;
}

/** The Services view: asks for services when it is first shown, then follows the catalog and the migrations. */
export function createServicesView(
  catalog: ServiceCatalog,
  migrations: MigrationList,
  portfolio: Portfolio,
  keys: ContextKeys,
  account: () => string | undefined,
): ServicesView {
  const owner = new Owner();
  const tree = owner.add(
    new EditorTree<ServiceTreeNode>('fhirMigration.services', render, childrenOf, () => void catalog.load()),
  );
  const draw = (): void => {
    const { current } = catalog;
    const states = migrations.states ?? [];
    const stands = migrations.states && standings(states.map(({ overview }) => overview));
    tree.update(buildTree(current, activitiesOf(states), portfolio.facts, stands));
    const state = showsWelcome(current) ? emptyState(current) : undefined;
    keys.set('servicesState', state ?? (current.state === 'notLoaded' ? 'notLoaded' : 'shown'));
    keys.set('signedIn', current.state === 'loaded' && current.subscriptions.length > 0);
    keys.set('hasServices', catalog.services.length > 0);
    const about = [lookedWords(current.looked), current.state === 'signedOut' ? undefined : account()];
    tree.view.description = about.filter((part) => part !== undefined).join(' · ');
  };
  const drawing = owner.add(new Throttle(drawMs, draw));
  owner.onDispose(catalog.onChange(() => drawing.request()));
  owner.onDispose(migrations.onChange(() => drawing.request()));
  owner.onDispose(portfolio.onChange(() => drawing.request()));
  return { tree, draw, dispose: () => owner.dispose() };
}

/** Where was looked, beside the view's title: also an empty list says what it is the result of. */
function lookedWords(
  looked: { readonly tenants: number; readonly subscriptions: number } | undefined,
): string | undefined {
  if (looked === undefined) return undefined;
  const { subscriptions, tenants } = looked;
  const places =
    subscriptions === 1 ? vscode.l10n.t('1 subscription') : vscode.l10n.t('{0} subscriptions', subscriptions);
  return tenants === 1 ? places : vscode.l10n.t('{0} in {1} tenants', places, tenants);
}
