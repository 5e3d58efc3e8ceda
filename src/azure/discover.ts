import pLimit from 'p-limit';
import { FailureError, toFailure } from '../failure/failure.ts';
import { listSubscriptions, listTenants } from './accounts.ts';
import { type ArmClient, type ArmOptions, createArmClient } from './armClient.ts';
import type { DiscoveryEvent, DiscoveryScope, SubscriptionInfo } from './discovered.ts';
import { createEventQueue } from './eventQueue.ts';
import { type FoundServices, foundServices } from './foundServices.ts';
import { ahdsType, azureApiForFhirType } from './healthcareRow.ts';
import { listServices } from './listServices.ts';
import { queryGraph, subscriptionsPerQuery } from './resourceGraph.ts';

/** Tenants, or subscriptions without Resource Graph, that are asked at the same time. */
const atOnce = 4;

const query = `Resources
| where type in~ ('${azureApiForFhirType}', '${ahdsType}')
| project id, name, type, kind, location, resourceGroup, subscriptionId, tenantId, tags, identity, properties
| order by id asc`;

/**
 * Finds the FHIR services of an account and tells of them as they arrive: tenants, subscriptions of each, services by
 * Resource Graph over many subscriptions at once, or by lists of each subscription where Graph is refused or empty. What
 * fails becomes a `problem` event and hides nothing else. Throws only `cancelled`.
 */
export async function* discover(
  options: ArmOptions,
  scope: DiscoveryScope,
  signal: AbortSignal,
): AsyncGenerator<DiscoveryEvent, void> {
  const queue = createEventQueue<DiscoveryEvent>();
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  const run = search(options, scope, (event) => queue.push(event), stopped).then(
    () => queue.end(),
    (error: unknown) => queue.end(error instanceof Error ? error : new Error(String(error))),
  );
  try {
    yield* queue;
  } finally {
    // The consumer may leave early.
    stop.abort();
    await run;
  }
}

type Tell = (event: DiscoveryEvent) => void;

async function search(options: ArmOptions, scope: DiscoveryScope, tell: Tell, signal: AbortSignal): Promise<void> {
  const arm = createArmClient(options);
  const found = foundServices(arm, tell, signal);
  const tenantIds = await chooseTenants(arm, scope, tell, signal);
  const limit = pLimit(atOnce);
  const seen = new Set<string>();
  let subscriptions = 0;
  await Promise.all(
    tenantIds.map((tenantId) =>
      limit(async () => {
        const problem = problemTeller(tell, signal, { tenantId });
        try {
          const all = await listSubscriptions(arm, tenantId, signal);
          tell({ type: 'subscriptions', tenantId, subscriptions: all });
          const chosen = all.filter((one) => isChosen(one, scope) && !seen.has(one.subscriptionId));
          for (const { subscriptionId } of chosen) seen.add(subscriptionId);
          subscriptions += chosen.length;
          await searchTenant(options, arm, tenantId, chosen, found, tell, signal);
        } catch (error) {
          problem(error);
        }
      }),
    ),
  );
  await found.settled();
  tell({ type: 'done', looked: { tenants: tenantIds.length, subscriptions } });
}

function isChosen({ subscriptionId }: SubscriptionInfo, { subscriptionIds }: DiscoveryScope): boolean {
  return subscriptionIds === undefined || subscriptionIds.some((id) => id.toLowerCase() === subscriptionId);
}

async function chooseTenants(
  arm: ArmClient,
  { tenantIds }: DiscoveryScope,
  tell: Tell,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const tenants = await listTenants(arm, signal);
    tell({ type: 'tenants', tenants });
    return tenantIds ?? tenants.map(({ tenantId }) => tenantId);
  } catch (error) {
    problemTeller(tell, signal, {})(error);
    return tenantIds ?? [];
  }
}

async function searchTenant(
  options: ArmOptions,
  arm: ArmClient,
  tenantId: string,
  subscriptions: readonly SubscriptionInfo[],
  found: FoundServices,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  let rows = 0;
  let graphFailed = false;
  for (let at = 0; at < subscriptions.length; at += subscriptionsPerQuery) {
    const part = subscriptions.slice(at, at + subscriptionsPerQuery).map(({ subscriptionId }) => subscriptionId);
    const graph = { tenantId, subscriptionIds: part, query, tried: 'Looking for FHIR services' };
    try {
      for await (const page of queryGraph(arm, graph, signal)) {
        rows += page.length;
        found.add(page, tenantId);
      }
    } catch (error) {
      if (FailureError.is(error, 'cancelled') || FailureError.is(error, 'notSignedIn')) throw error;
      graphFailed = true;
      break;
    }
  }
  // The index lags behind, and some accounts may not ask it: the lists of each subscription are the authority.
  if (graphFailed || rows === 0) await searchLists(options, subscriptions, found, tell, signal);
}

async function searchLists(
  options: ArmOptions,
  subscriptions: readonly SubscriptionInfo[],
  found: FoundServices,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const limit = pLimit(atOnce);
  await Promise.all(
    subscriptions.map((subscription) =>
      limit(async () => {
        const { tenantId, subscriptionId } = subscription;
        try {
          for await (const rows of listServices(options, subscription, signal)) found.add(rows, tenantId);
        } catch (error) {
          problemTeller(tell, signal, { tenantId, subscriptionId })(error);
        }
      }),
    ),
  );
}

/** Tells of a failure, unless the search was stopped: then it ends. */
function problemTeller(
  tell: Tell,
  signal: AbortSignal,
  about: { readonly tenantId?: string; readonly subscriptionId?: string },
): (error: unknown) => void {
  return (error) => {
    if (signal.aborted || FailureError.is(error, 'cancelled'))
      throw new FailureError({ kind: 'cancelled', message: 'Cancelled.' });
    tell({ type: 'problem', ...about, failure: toFailure(error) });
  };
}
