import { jsonAnswer, type HttpAnswer, type JsonObject } from '../http.ts';
import { bodyOf, methodNotAllowed, type ArmCall } from './armCall.ts';
import { ArmError } from './armError.ts';
import { pagedAnswer } from './paging.ts';
import { groupId, objectAt, textAt, type ResourceGroup, type Subscription } from './world.ts';

/** Subscriptions and tenants of one page. */
const pageSize = 100;

/** The tenants in which the caller has an object. */
export function listTenants(call: ArmCall): HttpAnswer {
  const principal = call.world.directory.byObjectId(call.caller.tenantId, call.caller.objectId);
  const tenants = call.world.directory
    .tenants()
    .filter((tenant) => principal?.objectIds.has(tenant.tenantId) === true)
    .map((tenant) => ({
      id: `/tenants/${tenant.tenantId}`,
      tenantId: tenant.tenantId,
      countryCode: 'NL',
      displayName: tenant.displayName,
      domains: [tenant.domain],
      defaultDomain: tenant.domain,
      tenantType: 'AAD',
      tenantCategory: 'Home',
    }));
  return pagedAnswer(tenants, { url: `${call.base}/tenants`, query: call.query, size: pageSize });
}

/** Subscriptions of the token's tenant, as far as the caller has a role in them; or one of them. */
export function readSubscriptions(call: ArmCall): HttpAnswer {
  const [id] = call.path.names;
  if (id !== undefined) {
    const one = call.world.subscription(id);
    if (one === undefined) throw subscriptionNotFound(id);
    return jsonAnswer(200, subscriptionDocument(one));
  }
  const visible = visibleSubscriptions(call).map(subscriptionDocument);
  return pagedAnswer(
    visible,
    { url: `${call.base}/subscriptions`, query: call.query, size: pageSize },
    { count: { type: 'Total', value: visible.length } },
  );
}

/** Subscriptions of the caller's tenant at, above or below which the caller has any role. */
export function visibleSubscriptions(call: ArmCall): readonly Subscription[] {
  const { tenantId, objectId } = call.caller;
  return call.world.subscriptions(tenantId).filter(({ subscriptionId }) => {
    const scope = `/subscriptions/${subscriptionId}`;
    const assignments = [...call.world.assignments.at(scope), ...call.world.assignments.below(scope)];
    return assignments.some((assignment) => assignment.principalId === objectId);
  });
}

/** 404 in ARM's words. */
export function subscriptionNotFound(id: string): ArmError {
  return new ArmError(404, {
    code: 'SubscriptionNotFound',
    message: `The subscription '${id}' could not be found.`,
  });
}

function subscriptionDocument(subscription: Subscription): object {
  return {
    id: `/subscriptions/${subscription.subscriptionId}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: subscription.subscriptionId,
    tenantId: subscription.tenantId,
    displayName: subscription.displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}

/** Resource groups: list, GET and PUT. */
export async function resourceGroups(call: ArmCall): Promise<HttpAnswer> {
  const [subscriptionId = '', name] = call.path.names;
  const { method } = call.request;
  if (name === undefined) {
    if (method !== 'GET') throw methodNotAllowed(call);
    const groups = call.world.groups(subscriptionId.toLowerCase()).map(groupDocument);
    return pagedAnswer(groups, { url: `${call.base}${call.path.id}`, query: call.query, size: pageSize });
  }
  const existing = call.world.group(subscriptionId, name);
  if (method === 'GET') {
    if (existing === undefined) throw groupNotFound(name);
    return jsonAnswer(200, groupDocument(existing));
  }
  if (method !== 'PUT') throw methodNotAllowed(call);
  const body = await bodyOf(call);
  const location = textAt(body, 'location');
  if (location === undefined) {
    throw new ArmError(400, {
      code: 'LocationRequired',
      message: 'The location property is required for this definition.',
    });
  }
  const tags: JsonObject = objectAt(body, 'tags');
  if (existing === undefined) {
    const group = { subscriptionId: subscriptionId.toLowerCase(), name, location, tags };
    call.world.addGroup(group);
    return jsonAnswer(201, groupDocument(group));
  }
  existing.tags = tags;
  return jsonAnswer(200, groupDocument(existing));
}

/** 404 in ARM's words. */
export function groupNotFound(name: string): ArmError {
  return new ArmError(404, {
    code: 'ResourceGroupNotFound',
    message: `Resource group '${name}' could not be found.`,
  });
}

function groupDocument(group: ResourceGroup): object {
  return {
    id: groupId(group.subscriptionId, group.name),
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location,
    tags: group.tags,
    properties: { provisioningState: 'Succeeded' },
  };
}
