import { jsonAnswer, type HttpAnswer, type HttpRequest } from '../http.ts';
import type { TokenCheck, TokenIssuer } from '../login/tokens.ts';
import { checkApiVersion } from './apiVersions.ts';
import { methodNotAllowed, type ArmCall, type ArmCaller, type FhirPlane } from './armCall.ts';
import { ArmError } from './armError.ts';
import { parseArmPath, type ArmPath } from './armPath.ts';
import { authorization } from './authorization.ts';
import { Deployments } from './deployments.ts';
import { checkLocks, extensionResource, extensionTypes } from './extensionResources.ts';
import { healthcare } from './healthcare.ts';
import type { LongRunningOperations } from './longRunning.ts';
import { insights, type MetricSources } from './metrics.ts';
import { ArmRateLimits } from './rateLimits.ts';
import { ResourceGraph } from './resourceGraph.ts';
import { storage, type ContainersOf } from './storage.ts';
import {
  groupNotFound,
  listTenants,
  readSubscriptions,
  resourceGroups,
  subscriptionNotFound,
} from './subscriptions.ts';
import type { ArmWorld } from './world.ts';

export interface ArmOptions {
  readonly world: ArmWorld;
  readonly operations: LongRunningOperations;
  readonly issuer: TokenIssuer;
  readonly plane: FhirPlane;
  readonly metrics: MetricSources;
  readonly containersOf: ContainersOf;
  /** Where ARM is reached, for example https://127.0.0.1:40123/arm */
  endpoint(): string;
  /** Authority of a tenant for the 401 challenge. */
  authorityOf(tenantId: string): string;
  /** The server's clock, milliseconds since 1970 UTC. */
  now(): number;
}

/** Azure Resource Manager: checks token, path, api-version, rate, tenant, role and locks, then answers. */
export function createArm(options: ArmOptions): (request: HttpRequest) => Promise<HttpAnswer> {
  const limits = new ArmRateLimits();
  const graph = new ResourceGraph();
  const deployments = new Deployments();
  return async (request) => {
    try {
      const path = parsePath(request.path);
      const caller = signedIn(options, path, await options.issuer.check(request.headers.authorization));
      const query = new URLSearchParams(request.search);
      const apiVersion = checkApiVersion(path, query);
      const call: ArmCall = {
        ...options,
        request,
        path,
        query,
        apiVersion,
        caller,
        base: options.endpoint(),
        now: () => options.now(),
      };
      const remaining = takeRate(limits, call);
      checkSubscription(options, call);
      checkRole(call);
      const answer = await dispatch(call, options, graph, deployments);
      if (answer === undefined) throw unknownType(path);
      return {
        ...answer,
        headers: { ...answer.headers, ...remaining, 'x-ms-request-id': request.requestId, 'cache-control': 'no-cache' },
      };
    } catch (error) {
      if (error instanceof ArmError) return error.answer();
      throw error;
    }
  };
}

/** True for a token that ARM takes: its own address, with or without a slash at its end. */
export function isArmAudience(audience: string, endpoint: string): boolean {
  return audience === endpoint || audience === `${endpoint}/`;
}

function parsePath(path: string): ArmPath {
  try {
    return parseArmPath(path);
  } catch {
    throw new ArmError(400, { code: 'BadRequest', message: 'The request path is not valid.' });
  }
}

function signedIn(options: ArmOptions, path: ArmPath, check: TokenCheck): ArmCaller {
  const tenantId = options.world.subscription(path.subscriptionId ?? '')?.tenantId ?? 'organizations';
  const refuse = (code: string, message: string): ArmError =>
    new ArmError(
      401,
      { code, message },
      {
        'www-authenticate': `Bearer authorization_uri="${options.authorityOf(tenantId)}", error="invalid_token", error_description="${message}"`,
      },
    );
  switch (check.outcome) {
    case 'missing':
      throw refuse('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
    case 'invalid':
      throw refuse('InvalidAuthenticationToken', 'The access token is invalid.');
    case 'expired':
      throw refuse(
        'ExpiredAuthenticationToken',
        `The access token expiry UTC time '${new Date(check.claims.expires * 1000).toISOString()}' is earlier than current UTC time '${new Date().toISOString()}'.`,
      );
    case 'valid': {
      const { audience, objectId, clientId } = check.claims;
      if (!isArmAudience(audience, options.endpoint())) {
        throw refuse(
          'InvalidAuthenticationTokenAudience',
          `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the allowed audiences '${options.endpoint()}/'.`,
        );
      }
      return { tenantId: check.claims.tenantId, objectId, clientId };
    }
  }
}

function takeRate(limits: ArmRateLimits, call: ArmCall): Record<string, string> {
  if (call.path.namespace === 'microsoft.resourcegraph') return {};
  const { subscriptionId } = call.path;
  const scope =
    subscriptionId === undefined
      ? ({ kind: 'tenant', id: call.caller.tenantId } as const)
      : ({ kind: 'subscription', id: subscriptionId } as const);
  const { method } = call.request;
  const operation = method === 'GET' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes';
  return limits.take(scope, call.caller.objectId, operation, Date.now());
}

/** The subscription and the group of the path have to exist, and the token has to be of the subscription's tenant. */
function checkSubscription(options: ArmOptions, call: ArmCall): void {
  const { subscriptionId, resourceGroup } = call.path;
  if (subscriptionId === undefined) return;
  const subscription = call.world.subscription(subscriptionId);
  if (subscription === undefined) throw subscriptionNotFound(subscriptionId);
  if (subscription.tenantId !== call.caller.tenantId) {
    const authority = options.authorityOf(subscription.tenantId);
    const message = `The access token is from the wrong issuer 'https://sts.windows.net/${call.caller.tenantId}/'. It must match the tenant 'https://sts.windows.net/${subscription.tenantId}/' associated with this subscription. Please use the authority (URL) '${authority}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`;
    throw new ArmError(
      401,
      { code: 'InvalidAuthenticationTokenTenant', message },
      {
        'www-authenticate': `Bearer authorization_uri="${authority}", error="invalid_token", error_description="The access token is from the wrong issuer."`,
      },
    );
  }
  const listsOrMakesGroups = call.path.namespace === undefined;
  if (resourceGroup !== undefined && !listsOrMakesGroups) {
    if (call.world.group(subscriptionId, resourceGroup) === undefined) throw groupNotFound(resourceGroup);
  }
}

function checkRole(call: ArmCall): void {
  const { subscriptionId, namespace, id, scope, names } = call.path;
  if (subscriptionId === undefined) return;
  // Whoever sees a subscription in the list may read the entry itself.
  if (namespace === undefined && call.path.types === 'subscriptions') return;
  const needed = actionOf(call);
  const at = names.length === 0 ? scope : id;
  const forbidden = call.world.subscription(subscriptionId)?.forbidden === true;
  if (forbidden || !call.world.assignments.mayAct(call.caller.objectId, at, needed.action)) {
    throw new ArmError(403, {
      code: 'AuthorizationFailed',
      message: `The client '${call.caller.clientId}' with object id '${call.caller.objectId}' does not have authorization to perform action '${needed.action}' over scope '${at}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    });
  }
  const isLock = namespace === 'microsoft.authorization' && call.path.types === 'locks';
  if (needed.verb === 'write' && !isLock) checkLocks(call.world, at, 'write');
  if (needed.verb === 'delete' && !isLock) checkLocks(call.world, at, 'delete');
}

function actionOf(call: ArmCall): { action: string; verb: 'read' | 'write' | 'delete' | 'action' } {
  const { namespace, types } = call.path;
  const verbs = { GET: 'read', PUT: 'write', PATCH: 'write', DELETE: 'delete' } as const;
  const verb = Object.entries(verbs).find(([method]) => method === call.request.method)?.[1] ?? 'action';
  const type = namespace === undefined ? `Microsoft.Resources/${types}` : `${namespace}/${types}`;
  return { action: `${type}/${verb}`, verb };
}

async function dispatch(
  call: ArmCall,
  options: ArmOptions,
  graph: ResourceGraph,
  deployments: Deployments,
): Promise<HttpAnswer | undefined> {
  const { namespace, types } = call.path;
  const extension = extensionTypes[`${namespace ?? ''}/${types}`];
  if (extension !== undefined) return extensionResource(call, extension);
  switch (namespace) {
    case undefined:
      return plainPath(call);
    case 'microsoft.resources':
      return deployments.answer(call);
    case 'microsoft.healthcareapis':
      return healthcare(call);
    case 'microsoft.storage':
      return storage(call, options.containersOf);
    case 'microsoft.authorization':
      return authorization(call);
    case 'microsoft.insights':
      return insights(call, options.metrics);
    case 'microsoft.resourcegraph':
      return types === 'resources' ? graph.answer(call) : undefined;
    case 'microsoft.eventgrid': {
      if (types !== 'systemtopics' || call.request.method !== 'GET') return undefined;
      const topics = call.world.list('Microsoft.EventGrid/systemTopics', call.path.scope);
      return jsonAnswer(200, { value: topics.map((topic) => topic.document) });
    }
    default:
      return undefined;
  }
}

async function plainPath(call: ArmCall): Promise<HttpAnswer | undefined> {
  switch (call.path.types) {
    case 'tenants':
      if (call.request.method !== 'GET') throw methodNotAllowed(call);
      return listTenants(call);
    case 'subscriptions':
      if (call.request.method !== 'GET') throw methodNotAllowed(call);
      return readSubscriptions(call);
    case 'subscriptions/resourcegroups':
      return resourceGroups(call);
    default:
      return undefined;
  }
}

function unknownType(path: ArmPath): ArmError {
  return new ArmError(404, {
    code: path.namespace === undefined ? 'NotFound' : 'InvalidResourceType',
    message: `The resource type '${path.types}' could not be found in the namespace '${path.namespace ?? 'Microsoft.Resources'}'.`,
  });
}
