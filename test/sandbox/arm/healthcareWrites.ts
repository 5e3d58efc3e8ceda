import { jsonAnswer, type HttpAnswer, type JsonObject } from '../http.ts';
import { bodyOf, type ArmCall } from './armCall.ts';
import { ArmError, resourceNotFound } from './armError.ts';
import { checkImmutable, checkPatchBody, checkPreconditions, checkPutBody, checkWritable } from './healthcareChecks.ts';
import type { HealthcareType } from './healthcareTypes.ts';
import { writeIdentity } from './identity.ts';
import type { OperationPlan } from './longRunning.ts';
import { groupId, objectAt, properties, textAt, type ArmResource } from './world.ts';

/** PUT: makes a resource or replaces its settings. Settings that the body leaves out are reset; unknown ones are kept. */
export async function putResource(call: ArmCall, type: HealthcareType): Promise<HttpAnswer> {
  const body = await bodyOf(call);
  const name = call.path.names.at(-1) ?? '';
  const existing = call.world.resource(call.path.id);
  checkPutBody(body, type, name);
  checkPreconditions(call, textAt(body, 'etag'), existing);
  if (existing === undefined) checkCreation(call, type, name);
  else {
    checkWritable(existing);
    checkImmutable(body, existing);
  }
  const writable = Object.fromEntries(
    Object.entries(objectAt(body, 'properties')).filter(([key]) => !type.readOnly.includes(key)),
  );
  const keptReadOnly = Object.fromEntries(
    Object.entries(existing === undefined ? {} : properties(existing)).filter(([key]) => type.readOnly.includes(key)),
  );
  const resource = call.world.put(placeOf(call, type, existing), {
    location: body.location ?? '',
    tags: objectAt(body, 'tags'),
    ...(type.kinds === undefined ? {} : { kind: body.kind ?? '' }),
    ...identityOf(call, type, body, existing),
    properties: {
      ...type.defaults,
      ...authentication(call, type, name),
      ...writable,
      ...keptReadOnly,
      provisioningState: existing === undefined ? 'Creating' : 'Accepted',
    },
    systemData: systemData(call, existing),
  });
  const headers = startOperation(call, resource, 'PUT', existing === undefined ? 'Creating' : 'Updating');
  return jsonAnswer(existing === undefined ? 201 : type.updatedWith, resource.document, headers);
}

/** PATCH: only what the type takes, everything else is refused. Tags and identity are replaced as a whole. */
export async function patchResource(call: ArmCall, type: HealthcareType): Promise<HttpAnswer> {
  const existing = mustExist(call, type);
  const body = await bodyOf(call);
  checkPatchBody(body, type);
  checkPreconditions(call, undefined, existing);
  checkWritable(existing);
  const identity = body.identity === undefined ? {} : identityOf(call, type, body, existing);
  call.world.change(existing, {
    ...(body.tags === undefined ? {} : { tags: objectAt(body, 'tags') }),
    ...identity,
    systemData: systemData(call, existing),
  });
  call.world.changeProperties(existing, { ...objectAt(body, 'properties'), provisioningState: 'Accepted' });
  return jsonAnswer(type.patchedWith, existing.document, startOperation(call, existing, 'PATCH', 'Updating'));
}

/** DELETE: 204 when there is nothing, else 202 and an operation. */
export function deleteResource(call: ArmCall): HttpAnswer {
  const existing = call.world.resource(call.path.id);
  if (existing === undefined) return { status: 204 };
  checkPreconditions(call, undefined, existing);
  checkWritable(existing);
  const prefix = `${existing.id.toLowerCase()}/`;
  if (call.world.resources().some((resource) => resource.id.toLowerCase().startsWith(prefix))) {
    throw new ArmError(409, {
      code: 'CannotDeleteResource',
      message: 'Can not delete resource before nested resources are deleted.',
    });
  }
  call.world.changeProperties(existing, { provisioningState: 'Deleting' });
  const headers = call.operations.start(
    {
      ...operationOf(call, existing, 'DELETE'),
      succeeded: () => {
        const principalId = textAt(objectAt(existing.document, 'identity'), 'principalId');
        if (principalId !== undefined) {
          call.world.directory.removeObject(principalId);
          call.world.assignments.removePrincipal(principalId);
        }
        call.world.remove(existing.id);
        call.plane.removed(existing);
      },
    },
    call.base,
    call.apiVersion,
  );
  return { status: 202, headers };
}

/** The resource that the path names. Throws ArmError 404. */
export function mustExist(call: ArmCall, type: HealthcareType): ArmResource {
  const resource = call.world.resource(call.path.id);
  if (resource === undefined) throw resourceNotFound(type.type, call.path.names, call.path.resourceGroup ?? '');
  return resource;
}

function checkCreation(call: ArmCall, type: HealthcareType, name: string): void {
  if (!type.creatable) {
    throw new ArmError(400, {
      code: 'BadRequest',
      message: 'Azure API for FHIR is being retired: new deployments are not accepted since April 1, 2025.',
    });
  }
  const [workspace, fhir] = call.path.names;
  if (workspace === undefined || fhir === undefined) return;
  const parent = `${groupId(call.path.subscriptionId ?? '', call.path.resourceGroup ?? '')}/providers/Microsoft.HealthcareApis/workspaces/${workspace}`;
  if (call.world.resource(parent) === undefined) {
    throw new ArmError(404, {
      code: 'ParentResourceNotFound',
      message: `Failed to perform 'write' on resource(s) of type 'workspaces/fhirservices', because the parent resource '${parent}' could not be found.`,
    });
  }
  if (call.plane.nameTaken(name)) {
    throw new ArmError(409, {
      code: 'Conflict',
      message: `The service name '${name}' is already in use.`,
      target: 'name',
    });
  }
}

function placeOf(call: ArmCall, type: HealthcareType, existing: ArmResource | undefined): ArmResource {
  return (
    existing ?? {
      id: call.path.id,
      subscriptionId: call.path.subscriptionId ?? '',
      resourceGroup: call.path.resourceGroup ?? '',
      type: type.type,
      names: call.path.names,
      document: {},
    }
  );
}

function identityOf(
  call: ArmCall,
  type: HealthcareType,
  body: JsonObject,
  existing: ArmResource | undefined,
): { identity?: JsonObject } {
  if (type.identities.length === 0) return {};
  // ARM's contract with providers: a PUT without an identity leaves the one that is there.
  if (body.identity === undefined) {
    return existing?.document.identity === undefined ? {} : { identity: objectAt(existing.document, 'identity') };
  }
  return { identity: writeIdentity(call.world, call.caller.tenantId, objectAt(body, 'identity'), existing) };
}

function authentication(call: ArmCall, type: HealthcareType, name: string): JsonObject {
  if (type.kinds === undefined) return {};
  return {
    authenticationConfiguration: {
      authority: call.plane.authorityOf(call.caller.tenantId),
      audience: call.plane.audienceOf(name),
      smartProxyEnabled: false,
    },
  };
}

function systemData(call: ArmCall, existing: ArmResource | undefined): JsonObject {
  const at = new Date(call.now()).toISOString();
  const created = { createdBy: call.caller.clientId, createdByType: 'Application', createdAt: at };
  return {
    ...(existing === undefined ? created : objectAt(existing.document, 'systemData')),
    lastModifiedBy: call.caller.clientId,
    lastModifiedByType: 'Application',
    lastModifiedAt: at,
  };
}

function operationOf(
  call: ArmCall,
  resource: ArmResource,
  method: OperationPlan['method'],
): Omit<OperationPlan, 'succeeded'> {
  return {
    method,
    subscriptionId: resource.subscriptionId,
    location: (textAt(resource.document, 'location') ?? 'global').replaceAll(' ', '').toLowerCase(),
    name: resource.names.at(-1) ?? '',
    resourceId: resource.id,
    document: () => call.world.resource(resource.id)?.document,
    failed: () => call.world.changeProperties(resource, { provisioningState: 'Failed' }),
  };
}

function startOperation(
  call: ArmCall,
  resource: ArmResource,
  method: 'PUT' | 'PATCH',
  running: string,
): Record<string, string> {
  return call.operations.start(
    {
      ...operationOf(call, resource, method),
      started: () => call.world.changeProperties(resource, { provisioningState: running }),
      succeeded: () => {
        call.world.changeProperties(resource, { provisioningState: 'Succeeded' });
        call.plane.written(resource);
      },
    },
    call.base,
    call.apiVersion,
  );
}
