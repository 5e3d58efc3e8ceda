import { FailureError } from '../failure/failure.ts';
import type { ArmClient, ArmRequest } from './armClient.ts';
import { eventGridApiVersion } from './eventSubscriptions.ts';
import { finishOperation } from './finishOperation.ts';
import type { ResourceJson } from './resourceEdits.ts';
import { parseResourceId } from './resourceId.ts';

/** One event subscription, named. */
export interface NamedSubscription {
  /** Its own id, as Azure gave it. */
  readonly resourceId: string;
  readonly name: string;
  readonly tenantId: string | undefined;
}

/** Types whose ids name an event subscription: one at a workspace, or one of a system topic (public templates). */
const types: ReadonlySet<string> = new Set([
  'microsoft.healthcareapis/workspaces/providers/eventsubscriptions',
  'microsoft.eventgrid/systemtopics/eventsubscriptions',
]);

/** True for the id of an event subscription of a workspace, or of the system topic that stands for one. */
export const isEventSubscription = (resourceId: string): boolean =>
  types.has(parseResourceId(resourceId)?.type ?? '') && /\/eventSubscriptions\/[^/]+$/i.test(resourceId);

/**
 * Deletes an event subscription and waits for its end. False: it was not there.
 * @throws FailureError as Azure says, `invalidInput` for the id of anything else
 */
export async function removeEventSubscription(
  arm: ArmClient,
  subscription: NamedSubscription,
  signal: AbortSignal,
  tell?: (status: string) => void,
): Promise<boolean> {
  const request = requestFor(subscription, 'Deleting');
  if (!(await isThere(arm, request, signal))) return false;
  const answer = await arm.write(request, { method: 'DELETE' }, signal);
  await finishOperation(arm, request, answer, signal, tell);
  return true;
}

/** What the provider tells of a subscription and takes from nobody. */
const readOnly: ReadonlySet<string> = new Set(['topic', 'provisioningState']);

/**
 * Makes an event subscription as it was and waits for its end. False: one of this name is there, and stays as it is.
 * @throws FailureError as Azure says, `invalidInput` for the id of anything else
 */
export async function makeEventSubscription(
  arm: ArmClient,
  subscription: NamedSubscription & { readonly properties: ResourceJson },
  signal: AbortSignal,
  tell?: (status: string) => void,
): Promise<boolean> {
  const request = requestFor(subscription, 'Making');
  if (await isThere(arm, request, signal)) return false;
  const properties = Object.fromEntries(Object.entries(subscription.properties).filter(([key]) => !readOnly.has(key)));
  const answer = await arm.write(request, { method: 'PUT', body: { properties } }, signal);
  await finishOperation(arm, request, answer, signal, tell);
  return true;
}

async function isThere(arm: ArmClient, request: ArmRequest, signal: AbortSignal): Promise<boolean> {
  try {
    await arm.get(request, signal);
    return true;
  } catch (error) {
    if (FailureError.is(error, 'notFound')) return false;
    throw error;
  }
}

function requestFor({ resourceId, name, tenantId }: NamedSubscription, doing: 'Deleting' | 'Making'): ArmRequest {
  if (!isEventSubscription(resourceId))
    throw new FailureError({ kind: 'invalidInput', message: `${name} is no event subscription of a workspace.` });
  return {
    path: resourceId,
    apiVersion: eventGridApiVersion,
    template: '/{resource}/providers/Microsoft.EventGrid/eventSubscriptions/{name}',
    tried: `${doing} the event subscription ${name}`,
    tenantId,
  };
}
