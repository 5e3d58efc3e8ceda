import type { JsonObject } from '../http.ts';
import type { ArmCall } from './armCall.ts';
import { objectAt, properties, textAt, type ArmResource } from './world.ts';

const subscriptionType = 'Microsoft.EventGrid/eventSubscriptions';
const topicType = 'Microsoft.EventGrid/systemTopics';

/**
 * What Event Grid keeps of the properties of a subscription: of a webhook it tells the address without its query, and
 * never the whole of it again.
 */
export function keptSubscription(call: ArmCall, given: JsonObject): JsonObject {
  const destination = objectAt(given, 'destination');
  const url = textAt(objectAt(destination, 'properties'), 'endpointUrl');
  return {
    ...given,
    ...(url === undefined
      ? {}
      : { destination: { ...destination, properties: { endpointBaseUrl: url.split('?')[0] ?? '' } } }),
    topic: call.path.scope,
    provisioningState: 'Succeeded',
  };
}

/**
 * Events belong to the workspace: its system topic comes with the first subscription and goes with the last, and its
 * services are in `Updating` meanwhile (azure-control-plane, events). The state moves on when a service is looked at.
 */
export function switchEvents(call: ArmCall): void {
  const { world, path } = call;
  const workspace = world.resource(path.scope);
  if (workspace?.type.toLowerCase() !== 'microsoft.healthcareapis/workspaces') return;
  const wanted = subscriptionsOf(call, workspace) === 0 ? 'Disabled' : 'Enabled';
  const place = {
    subscriptionId: workspace.subscriptionId,
    resourceGroup: workspace.resourceGroup,
    type: topicType,
    names: [`${workspace.names[0] ?? ''}-events`],
  };
  const topic = world.list(topicType, path.scope.split('/').slice(0, 5).join('/'));
  const own = topic.find((each) => textAt(properties(each), 'source')?.toLowerCase() === workspace.id.toLowerCase());
  if (wanted === 'Disabled' && own !== undefined) world.remove(own.id);
  if (wanted === 'Enabled' && own === undefined)
    world.put(place, {
      location: textAt(workspace.document, 'location') ?? 'westeurope',
      properties: { source: workspace.id, topicType: 'Microsoft.HealthcareApis.Workspaces' },
    });
  for (const service of world.list('Microsoft.HealthcareApis/workspaces/fhirservices', workspace.id))
    if (textAt(properties(service), 'eventState') !== wanted) startSwitch(call, service, workspace);
}

function subscriptionsOf({ world }: ArmCall, workspace: ArmResource): number {
  const prefix = `${workspace.id.toLowerCase()}/providers/microsoft.eventgrid/`;
  return world.resources().filter(({ type, id }) => type === subscriptionType && id.toLowerCase().startsWith(prefix))
    .length;
}

function startSwitch(call: ArmCall, service: ArmResource, workspace: ArmResource): void {
  const { world, operations, base, apiVersion } = call;
  world.changeProperties(service, { eventState: 'Updating' });
  const settle = (): void =>
    world.changeProperties(service, {
      eventState: subscriptionsOf(call, workspace) === 0 ? 'Disabled' : 'Enabled',
    });
  operations.start(
    {
      subscriptionId: service.subscriptionId,
      location: 'global',
      name: service.names.at(-1) ?? '',
      resourceId: service.id,
      method: 'PATCH',
      document: () => service.document,
      succeeded: settle,
      failed: settle,
    },
    base,
    apiVersion,
  );
}
