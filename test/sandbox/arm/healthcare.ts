import { jsonAnswer, type HttpAnswer } from '../http.ts';
import { bodyOf, methodNotAllowed, type ArmCall } from './armCall.ts';
import { ArmError, resourceNotFound } from './armError.ts';
import { healthcareType, type HealthcareType } from './healthcareTypes.ts';
import { deleteResource, mustExist, patchResource, putResource } from './healthcareWrites.ts';
import { pagedAnswer } from './paging.ts';
import { properties, textAt } from './world.ts';

/** Resources of one page of a list. */
const pageSize = 50;

/** Everything below `Microsoft.HealthcareApis`. Undefined: there is no such type. */
export async function healthcare(call: ArmCall): Promise<HttpAnswer | undefined> {
  const { types, names } = call.path;
  const { method } = call.request;
  switch (types) {
    case 'checknameavailability':
      if (method !== 'POST') throw methodNotAllowed(call);
      return checkNameAvailability(call);
    case 'locations/operationresults':
      if (method !== 'GET') throw methodNotAllowed(call);
      return operationResult(call);
    case 'services/privateendpointconnections':
    case 'workspaces/privateendpointconnections':
      return privateEndpointConnections(call);
    case 'services/privatelinkresources':
    case 'workspaces/privatelinkresources':
      return privateLinkResources(call);
    case 'workspaces/dicomservices':
    case 'workspaces/iotconnectors':
      return listResources(call, `Microsoft.HealthcareApis/${types}`);
  }
  const type = healthcareType(`Microsoft.HealthcareApis/${types}`);
  if (type === undefined) return undefined;
  if (names.length < types.split('/').length) {
    if (method !== 'GET') throw methodNotAllowed(call);
    return listResources(call, type.type);
  }
  return oneResource(call, type);
}

async function oneResource(call: ArmCall, type: HealthcareType): Promise<HttpAnswer> {
  switch (call.request.method) {
    case 'GET': {
      const resource = mustExist(call, type);
      const answer = jsonAnswer(200, resource.document);
      // Whoever watches the resource in place of the operation sees it move on, too.
      call.operations.look(resource.id);
      return answer;
    }
    case 'PUT':
      return putResource(call, type);
    case 'PATCH':
      return patchResource(call, type);
    case 'DELETE':
      return deleteResource(call);
    default:
      throw methodNotAllowed(call);
  }
}

/** A list below a subscription, a resource group or a workspace, which has to exist. */
function listResources(call: ArmCall, type: string): HttpAnswer {
  const scope = call.path.names.length === 0 ? call.path.scope : parentOf(call.path.id);
  const parent = call.path.names.length === 0 ? undefined : scope;
  if (parent !== undefined && call.world.resource(parent) === undefined) {
    const parentType = type.slice(0, type.lastIndexOf('/'));
    throw resourceNotFound(parentType, call.path.names, call.path.resourceGroup ?? '');
  }
  const found = call.world.list(type, scope).map((resource) => resource.document);
  return pagedAnswer(found, { url: `${call.base}${call.path.id}`, query: call.query, size: pageSize });
}

function parentOf(id: string): string {
  return id.slice(0, id.lastIndexOf('/'));
}

function operationResult(call: ArmCall): HttpAnswer {
  const id = call.path.names[1] ?? '';
  const answer = call.operations.poll(id, call.query.get('poll') === 'location');
  if (answer === undefined) {
    throw new ArmError(404, { code: 'NotFound', message: `The operation result '${id}' was not found.` });
  }
  return answer;
}

async function checkNameAvailability(call: ArmCall): Promise<HttpAnswer> {
  const body = await bodyOf(call);
  const [type, name] = [textAt(body, 'type') ?? '', textAt(body, 'name') ?? ''];
  if (healthcareType(type) === undefined) {
    throw new ArmError(400, { code: 'BadRequest', message: `The type '${type}' is not supported.`, target: 'type' });
  }
  if (!/^[a-z0-9][a-z0-9-]{1,22}[a-z0-9]$/.test(name)) {
    return jsonAnswer(200, { nameAvailable: false, reason: 'Invalid', message: 'Service name is not valid.' });
  }
  const taken = call.world
    .resources()
    .some((resource) => resource.type.toLowerCase() === type.toLowerCase() && resource.names.at(-1) === name);
  return jsonAnswer(
    200,
    taken
      ? { nameAvailable: false, reason: 'AlreadyExists', message: 'Service name is not available.' }
      : { nameAvailable: true },
  );
}

function privateEndpointConnections(call: ArmCall): HttpAnswer {
  if (call.request.method !== 'GET') throw methodNotAllowed(call);
  const owner = call.world.resource(parentOf(call.path.id));
  const connections = owner === undefined ? [] : properties(owner).privateEndpointConnections;
  return jsonAnswer(200, { value: Array.isArray(connections) ? connections : [] });
}

function privateLinkResources(call: ArmCall): HttpAnswer {
  if (call.request.method !== 'GET') throw methodNotAllowed(call);
  const onWorkspace = call.path.types.startsWith('workspaces');
  const groupId = onWorkspace ? 'healthcareworkspace' : 'fhir';
  return jsonAnswer(200, {
    value: [
      {
        id: `${call.path.id}/${groupId}`,
        name: groupId,
        type: `Microsoft.HealthcareApis/${onWorkspace ? 'workspaces' : 'services'}/privateLinkResources`,
        properties: {
          groupId,
          requiredMembers: onWorkspace ? ['fhirservices', 'dicomservices'] : ['fhir'],
          requiredZoneNames: onWorkspace
            ? ['privatelink.fhir.azurehealthcareapis.com', 'privatelink.dicom.azurehealthcareapis.com']
            : ['privatelink.azurehealthcareapis.com'],
        },
      },
    ],
  });
}
