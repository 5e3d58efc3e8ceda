import type { ArmClient } from '../../azure/armClient.ts';
import { readServiceDetails } from '../../azure/serviceDetails.ts';
import type { Staging } from '../../azure/staging.ts';
import type { RememberedChange } from '../../compare/changes/remembered.ts';
import type { Comparison } from '../../compare/comparison.ts';
import type { GateFacts, Seen } from '../../cutover/gates.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { Plan } from '../../engine/plan.ts';
import { FailureError, toFailure } from '../../failure/failure.ts';
import { changePair } from '../changes/changePair.ts';
import type { ChangeServices } from '../changes/contract.ts';
import type { ParameterReadiness } from '../searchParameters/parametersReady.ts';

export interface FactSources {
  readonly arm: ArmClient;
  readonly stagingOf: (plan: Plan) => Pick<Staging, 'containerState'>;
  readonly compare: (
    source: string,
    target: string,
    staging: Plan['staging'],
    signal: AbortSignal,
  ) => Promise<Comparison>;
  readonly parametersReady: (target: string, signal: AbortSignal) => Promise<readonly ParameterReadiness[]>;
  readonly changes: Pick<ChangeServices, 'remembered' | 'undo'>;
  readonly now: () => number;
}

/** Asks for everything that gates are judged by; what does not answer is unknown with the reason. */
export async function gatherFacts(
  overview: MigrationOverview,
  { arm, stagingOf, compare, parametersReady, changes, now }: FactSources,
  signal: AbortSignal,
): Promise<GateFacts> {
  const { plan } = overview;
  const source = plan.source.resourceId ?? plan.source.endpoint;
  const target = plan.target.resourceId ?? plan.target.endpoint;
  const [searchParameters, comparison, events, container, removed] = await Promise.all([
    seen(() => parametersReady(target, signal)),
    seen(() => compare(source, target, plan.staging, signal)),
    seen(() => eventState(plan, arm, signal)),
    seen(() => stagingOf(plan).containerState(signal)),
    removedSubscriptions(plan, changes),
  ]);
  const subscriptions = { removedSubscriptions: removed.length };
  return { overview, now: now(), searchParameters, comparison, events, container, ...subscriptions };
}

/** Event subscriptions that were deleted for a migration and were not made again from here. */
export async function removedSubscriptions(
  { source, target }: Plan,
  changes: Pick<ChangeServices, 'remembered'>,
): Promise<readonly RememberedChange[]> {
  const open = await changes.remembered(changePair(source, target));
  return open.filter(({ change }) => change.kind === 'eventSubscription');
}

async function eventState({ target }: Plan, arm: ArmClient, signal: AbortSignal): Promise<string> {
  if (target.resourceId === undefined)
    throw untold(`${target.name} is known by its address alone, so Azure cannot be asked.`);
  const { eventState: state } = await readServiceDetails(arm, target.resourceId, target.tenantId, signal);
  if (state === undefined) throw untold(`Azure does not tell whether ${target.name} sends events.`);
  return state;
}

const untold = (message: string): FailureError => new FailureError({ kind: 'unexpectedAnswer', message });

async function seen<T>(ask: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'cancelled' || failure.kind === 'bug') throw error;
    return { unknown: `Unknown, because: ${failure.message}` };
  }
}
