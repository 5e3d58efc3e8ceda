import { jsonAnswer, type HttpAnswer } from '../http.ts';
import { bodyOf, methodNotAllowed, type ArmCall } from './armCall.ts';
import { ArmError } from './armError.ts';
import { keptSubscription, switchEvents } from './workspaceEvents.ts';
import { objectAt, textAt, type ArmWorld } from './world.ts';

const eventSubscription = 'Microsoft.EventGrid/eventSubscriptions';

/** Small resources that sit on others and are kept as they are written. */
export const extensionTypes: Readonly<Record<string, string>> = {
  'microsoft.insights/diagnosticsettings': 'Microsoft.Insights/diagnosticSettings',
  'microsoft.authorization/locks': 'Microsoft.Authorization/locks',
  'microsoft.eventgrid/eventsubscriptions': eventSubscription,
};

/** GET, list, PUT and DELETE of diagnostic settings, locks and event subscriptions of a scope. */
export async function extensionResource(call: ArmCall, type: string): Promise<HttpAnswer> {
  const { scope, names, id } = call.path;
  const [name] = names;
  const { method } = call.request;
  if (name === undefined) {
    if (method !== 'GET') throw methodNotAllowed(call);
    // Locks of a parent hold below it and are listed there as well; the others belong to exactly one resource.
    const applies = type.endsWith('/locks')
      ? (id: string) => holdsAt(scopeOf(id), scope)
      : (id: string) => scopeOf(id).toLowerCase() === scope.toLowerCase();
    const found = call.world.resources().filter((resource) => resource.type === type && applies(resource.id));
    return jsonAnswer(200, { value: found.map((resource) => resource.document) });
  }
  const existing = call.world.resource(id);
  switch (method) {
    case 'GET':
      if (existing === undefined) {
        throw new ArmError(404, {
          code: 'ResourceNotFound',
          message: `The resource '${name}' of type '${type}' was not found.`,
        });
      }
      return jsonAnswer(200, existing.document);
    case 'PUT': {
      const body = await bodyOf(call);
      const given = objectAt(body, 'properties');
      const kept = type === eventSubscription ? keptSubscription(call, given) : given;
      const added = call.world.putExtension(id, type, name, { properties: kept });
      if (type === eventSubscription) switchEvents(call);
      return jsonAnswer(existing === undefined ? 201 : 200, added.document);
    }
    case 'DELETE':
      call.world.remove(id);
      if (type === eventSubscription) switchEvents(call);
      return { status: existing === undefined ? 204 : 200 };
    default:
      throw methodNotAllowed(call);
  }
}

/** Throws ArmError 409 when a lock at the scope or above it forbids a write or a delete. */
export function checkLocks(world: ArmWorld, scope: string, operation: 'write' | 'delete'): void {
  const lock = world
    .resources()
    .filter((resource) => resource.type === 'Microsoft.Authorization/locks' && holdsAt(scopeOf(resource.id), scope))
    .find((resource) => {
      const level = textAt(objectAt(resource.document, 'properties'), 'level');
      return level === 'ReadOnly' || (level === 'CanNotDelete' && operation === 'delete');
    });
  if (lock === undefined) return;
  throw new ArmError(409, {
    code: 'ScopeLocked',
    message: `The scope '${scope}' cannot perform ${operation} operation because following scope(s) are locked: '${scopeOf(lock.id)}'. Please remove the lock and try again.`,
  });
}

function scopeOf(id: string): string {
  return id.slice(0, id.toLowerCase().lastIndexOf('/providers/'));
}

function holdsAt(lockScope: string, scope: string): boolean {
  const [outer, inner] = [lockScope.toLowerCase(), scope.toLowerCase()];
  return inner === outer || inner.startsWith(`${outer}/`);
}
