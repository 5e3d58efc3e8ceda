import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { Plan, PlanService } from '../../engine/plan.ts';
import { FailureError } from '../../failure/failure.ts';
import { planFileEnding } from '../plan/planFile.ts';
import { endpointKey } from '../tree/buildTree.ts';
import type { Ui } from '../ui.ts';
import { askForPair } from './askFor.ts';
import { planFrom } from './planFrom.ts';
import { migrationIdOf, nodeOf, servicesOf } from './selection.ts';

/** Two services that a command works on, and the plan file that names them where there is one. */
export interface Pair {
  readonly source: DiscoveredService;
  readonly target: DiscoveredService;
  readonly plan: vscode.Uri | undefined;
}

/** How a command asks for services that it was not called with. */
export interface PairQuestion {
  readonly id: string;
  readonly title: string;
  /** Asks even where a comparison is shown, whose services could be meant. */
  readonly always?: boolean;
}

const nodeKinds: ReadonlySet<unknown> = new Set(['aspect', 'group', 'entry', 'gate']);

/**
 * The services that a command was called for: of nodes in the Services view, of a migration, of a plan file, or, when it
 * was called for none of them, of the comparison that is shown. What is not named is asked for.
 * @throws FailureError `cancelled` when the user left
 */
export async function pairFor(
  ui: Ui,
  { id, title, always = false }: PairQuestion,
  clicked: unknown,
  selected: unknown,
): Promise<Pair> {
  const { shown } = ui.drift.list;
  const isMeant = nodeKinds.has(nodeOf(clicked)?.kind) || (clicked === undefined && !always);
  if (shown !== undefined && isMeant) return { source: shown.source, target: shown.target, plan: shown.plan };
  if (clicked instanceof vscode.Uri && clicked.path.endsWith(planFileEnding)) {
    const { plan, uri } = await planFrom(ui, clicked);
    return { ...(await pairOfPlan(ui, plan)), plan: uri };
  }
  const migration = servicesOf(clicked, selected, ui.catalog.services).length > 0 ? undefined : migrationIdOf(clicked);
  if (migration !== undefined) {
    await ui.migrations.open(migration);
    const plan = ui.migrations.state(migration)?.overview.plan;
    if (plan === undefined)
      throw new FailureError({ kind: 'notFound', message: vscode.l10n.t('This migration is no longer here.') });
    return { ...(await pairOfPlan(ui, plan)), plan: undefined };
  }
  const [source, target] = await askForPair(ui, id, title, clicked, selected, (first) =>
    always ? vscode.l10n.t('Compare {0} with', first) : vscode.l10n.t('{0}: from {1} to', title, first),
  );
  return { source, target, plan: undefined };
}

async function pairOfPlan(ui: Ui, { source, target }: Plan): Promise<Omit<Pair, 'plan'>> {
  const [from, to] = await Promise.all([discovered(ui, source), discovered(ui, target)]);
  return { source: from, target: to };
}

/** A service of a plan as discovery knows it. */
async function discovered(ui: Ui, service: PlanService): Promise<DiscoveredService> {
  const key = endpointKey(service.endpoint);
  const known = ui.catalog.services.find(({ endpoint }) => endpointKey(endpoint) === key);
  if (known !== undefined) return known;
  const services = await ui.services();
  const { signal } = new AbortController();
  return service.resourceId === undefined
    ? services.serviceByUrl(service.endpoint, signal)
    : services.service(service.resourceId, service.tenantId, signal);
}
