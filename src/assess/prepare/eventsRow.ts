import type { WholeEventSubscription } from '../../azure/eventSubscriptions.ts';
import { type ResourceJson, valueAt } from '../../azure/resourceEdits.ts';
import { isEventSubscription } from '../../azure/writeEventSubscription.ts';
import { blockedBy, type ChangeableResource } from '../../compare/changes/changeable.ts';
import type { EventSubscriptionChange } from '../../compare/changes/change.ts';
import { deleteSubscription } from '../../compare/changes/changeWords.ts';
import type { PrepareFacts } from './facts.ts';
import { type About, advice, byAddress, change, type PrepareRow, ready, unknown } from './row.ts';

/** What the product itself may delete, because it can make it again. */
const remove = 'Microsoft.EventGrid/eventSubscriptions/delete';

/** Destinations that are named by a resource id: Azure tells all of them. That of a webhook holds a secret. */
const known: ReadonlySet<string> = new Set([
  'azurefunction',
  'eventhub',
  'hybridconnection',
  'servicebusqueue',
  'servicebustopic',
  'storagequeue',
]);

/**
 * Events would tell every subscriber of each imported resource. They belong to the workspace, and are off when it has no
 * subscription (azure-control-plane, events).
 */
export function eventsRow({ plan, target, targetEvents }: PrepareFacts): PrepareRow {
  const about: About = {
    id: 'target.events',
    title: `Events of ${plan.target.name}`,
    wanted: 'off until cutover',
    guidance: 'Delete the event subscriptions of the workspace in the portal; turn events on again after cutover.',
  };
  const { resource } = target;
  if (resource === undefined) return advice({ ...about, guidance: byAddress }, 'not to be seen');
  if (!resource.ok) return unknown(about, resource.failure);
  const state = valueAt(resource.value.json, ['properties', 'eventState']);
  if (typeof state !== 'string') return ready(about, 'not told by the service');
  if (state === 'Disabled') return ready(about, 'off');
  const current = state.toLowerCase();
  if (targetEvents?.ok !== true) return advice(about, current);
  const heard = targetEvents.value.filter(
    (each) => isEventSubscription(each.id) && mayHear(each, plan.target.endpoint),
  );
  if (heard.length === 0 && state === 'Updating')
    return advice({ ...about, guidance: 'Look again in some minutes.' }, 'being switched');
  if (heard.length === 0) return advice(about, `${current}, but no subscription of the workspace was found`);
  return subscriptionsRow(about, current, heard, resource.value);
}

function subscriptionsRow(
  about: About,
  state: string,
  heard: readonly WholeEventSubscription[],
  target: ChangeableResource,
): PrepareRow {
  const [again, lost] = [heard.filter(canBeMadeAgain), heard.filter((each) => !canBeMadeAgain(each))];
  const current = `${state}: ${heard.map(({ name }) => name).join(', ')}`;
  const byHand =
    lost.length === 0
      ? ''
      : ` Azure does not tell all of ${lost.map(({ name }) => name).join(', ')} (a webhook or a secret): note its destination, then delete it by hand.`;
  const shared = heard.some(({ properties }) => accountsOf(properties).length === 0)
    ? ' Subscribers of other services of the workspace hear nothing meanwhile, either.'
    : '';
  const guidance = `What is deleted from here is made again as it was when events are turned on, on the way over.${shared}${byHand}`;
  const commands = lost.map(({ id }) => deleteSubscription(id));
  if (again.length === 0) return advice({ ...about, guidance: `${shared}${byHand}`.trim() }, current, commands);
  const row = change(
    { ...about, guidance },
    current,
    again.map((each) => changeOf(each, target)),
    blockedBy(target, remove),
  );
  return { ...row, commands: [...row.commands, ...commands] };
}

const changeOf = (
  { id, name, properties }: WholeEventSubscription,
  { tenantId, resourceId }: ChangeableResource,
): EventSubscriptionChange => ({
  kind: 'eventSubscription',
  id: `target.events:${name}`,
  title: `Event subscription ${name}`,
  resourceId: id,
  name,
  scopeName: resourceId.split('/').at(-3) ?? '',
  tenantId,
  properties,
});

/** Hosts that a filter on the FHIR service lets through; none: it lets all through. */
function accountsOf(properties: ResourceJson): readonly string[] {
  const filters = valueAt(properties, ['filter', 'advancedFilters']);
  if (!Array.isArray(filters)) return [];
  return filters.flatMap((filter: unknown) => {
    if (typeof filter !== 'object' || filter === null || !('key' in filter) || !('values' in filter)) return [];
    const isAccount = String(filter.key).toLowerCase() === 'data.resourcefhiraccount';
    const only = 'operatorType' in filter && filter.operatorType === 'StringIn';
    return isAccount && only && Array.isArray(filter.values) ? filter.values.map((value) => String(value)) : [];
  });
}

/** False only where a filter names other FHIR services of the workspace and not this one. */
function mayHear({ properties }: WholeEventSubscription, endpoint: string): boolean {
  const accounts = accountsOf(properties);
  const host = new URL(endpoint).hostname;
  return accounts.length === 0 || accounts.some((account) => account.toLowerCase().includes(host));
}

function canBeMadeAgain({ properties }: WholeEventSubscription): boolean {
  const destination =
    valueAt(properties, ['destination']) ?? valueAt(properties, ['deliveryWithResourceIdentity', 'destination']);
  if (typeof destination !== 'object' || destination === null || !('endpointType' in destination)) return false;
  return (
    known.has(String(destination.endpointType).toLowerCase()) &&
    !JSON.stringify(destination).includes('"isSecret":true')
  );
}
