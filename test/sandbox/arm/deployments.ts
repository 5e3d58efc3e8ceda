import { randomUUID } from 'node:crypto';
import { isJsonObject, jsonAnswer, type HttpAnswer, type Json, type JsonObject } from '../http.ts';
import { bodyOf, methodNotAllowed, type ArmCall } from './armCall.ts';
import { ArmError } from './armError.ts';
import { parseArmPath } from './armPath.ts';
import { healthcareType } from './healthcareTypes.ts';
import { putResource } from './healthcareWrites.ts';
import { evaluated, type TemplateScope } from './templateExpressions.ts';
import { objectAt, properties, textAt } from './world.ts';

interface Step {
  readonly id: string;
  readonly type: string;
  readonly body: JsonObject;
  readonly dependsOn: readonly string[];
  state: 'NotStarted' | 'Running' | 'Succeeded' | 'Failed';
  error: { readonly code: string; readonly message: string } | undefined;
}

interface Deployment {
  readonly id: string;
  readonly name: string;
  readonly steps: readonly Step[];
  readonly call: ArmCall;
  state: 'Accepted' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
}

/**
 * `Microsoft.Resources/deployments` of a resource group: PUT, GET, validate, cancel, operations. Only resources of
 * Microsoft.HealthcareApis are made. A deployment moves on when somebody looks at it.
 */
export class Deployments {
  readonly #byId = new Map<string, Deployment>();

  async answer(call: ArmCall): Promise<HttpAnswer | undefined> {
    const { types, id } = call.path;
    const { method } = call.request;
    switch (types) {
      case 'deployments':
        if (method === 'PUT') return this.#start(call);
        if (method !== 'GET') throw methodNotAllowed(call);
        return jsonAnswer(200, documentOf(this.#existing(id)));
      case 'deployments/validate':
        if (method !== 'POST') throw methodNotAllowed(call);
        steps(call, await bodyOf(call));
        return jsonAnswer(200, { properties: { provisioningState: 'Succeeded' } });
      case 'deployments/cancel': {
        if (method !== 'POST') throw methodNotAllowed(call);
        const deployment = this.#existing(parent(id));
        if (isOver(deployment))
          throw new ArmError(409, {
            code: 'DeploymentCannotBeCancelled',
            message: `The deployment '${deployment.name}' cannot be cancelled because it is not active.`,
          });
        deployment.state = 'Canceled';
        return { status: 204 };
      }
      case 'deployments/operations':
        if (method !== 'GET') throw methodNotAllowed(call);
        return jsonAnswer(200, { value: operationsOf(this.#existing(parent(id))) });
      case 'deployments/operationstatuses': {
        const deployment = this.#existing(parent(parent(id)));
        await advance(deployment);
        return jsonAnswer(200, statusOf(deployment), isOver(deployment) ? {} : wait(call));
      }
      default:
        return undefined;
    }
  }

  async #start(call: ArmCall): Promise<HttpAnswer> {
    const running = this.#byId.get(call.path.id.toLowerCase());
    if (running !== undefined && !isOver(running))
      throw new ArmError(409, {
        code: 'DeploymentActive',
        message: `Unable to edit or replace deployment '${running.name}': previous deployment is still active.`,
      });
    const deployment: Deployment = {
      id: call.path.id,
      name: call.path.names[0] ?? '',
      steps: steps(call, await bodyOf(call)),
      call,
      state: 'Accepted',
    };
    this.#byId.set(call.path.id.toLowerCase(), deployment);
    const url = `${call.base}${call.path.id}/operationStatuses/${randomUUID()}?api-version=${call.apiVersion}`;
    return jsonAnswer(201, documentOf(deployment), { 'azure-asyncoperation': url, ...wait(call) });
  }

  #existing(id: string): Deployment {
    const found = this.#byId.get(id.toLowerCase());
    if (found !== undefined) return found;
    throw new ArmError(404, { code: 'DeploymentNotFound', message: 'Deployment could not be found.' });
  }
}

const wait = (call: ArmCall): Record<string, string> => ({
  'retry-after': String(call.operations.settings.retryAfterSeconds),
});
const parent = (id: string): string => id.slice(0, id.lastIndexOf('/'));
const isOver = ({ state }: Deployment): boolean => state === 'Succeeded' || state === 'Failed' || state === 'Canceled';

function steps(call: ArmCall, body: JsonObject): readonly Step[] {
  const given = objectAt(body, 'properties');
  const template = objectAt(given, 'template');
  if (given.mode !== 'Incremental') throw invalidTemplate('The sandbox deploys incrementally');
  const scope = scopeOf(call, template, objectAt(given, 'parameters'));
  const rows = Array.isArray(template.resources) ? template.resources : [];
  return rows.filter(isJsonObject).map((row) => {
    const resource = evaluated(row, scope) as JsonObject;
    const type = healthcareType(textAt(resource, 'type') ?? '');
    if (type === undefined) throw invalidTemplate(`The sandbox makes no ${textAt(resource, 'type') ?? 'resource'}`);
    const names = (textAt(resource, 'name') ?? '').split('/');
    const [namespace = '', ...types] = type.type.split('/');
    if (names.length !== types.length || names.includes(''))
      throw invalidTemplate(`The template resource '${names.join('/')}' has incorrect segment lengths`);
    const path = types.map((one, index) => `/${one}/${names[index] ?? ''}`).join('');
    const { location, tags, kind, identity } = resource;
    const content = Object.entries({ location, tags, kind, identity, properties: objectAt(resource, 'properties') });
    return {
      id: `${call.path.scope}/providers/${namespace}${path}`,
      type: type.type,
      body: Object.fromEntries(content.filter((entry): entry is [string, Json] => entry[1] !== undefined)),
      dependsOn: Array.isArray(resource.dependsOn) ? resource.dependsOn.map(String) : [],
      state: 'NotStarted' as const,
      error: undefined,
    };
  });
}

const invalidTemplate = (what: string): ArmError =>
  new ArmError(400, { code: 'InvalidTemplate', message: `Deployment template validation failed: '${what}'.` });

function scopeOf(call: ArmCall, template: JsonObject, given: JsonObject): TemplateScope {
  const { subscriptionId = '', resourceGroup = '' } = call.path;
  const base = {
    ...{ variables: {}, parameters: {}, subscriptionId, resourceGroup, tenantId: call.caller.tenantId },
    location: call.world.group(subscriptionId, resourceGroup)?.location ?? 'westeurope',
  };
  const parameters: JsonObject = {};
  for (const [name, declared] of Object.entries(objectAt(template, 'parameters'))) {
    const value = objectAt(given, name).value ?? (isJsonObject(declared) ? declared.defaultValue : undefined);
    if (value === undefined) throw invalidTemplate(`The value for the template parameter '${name}' is not provided`);
    parameters[name] = evaluated(value, { ...base, parameters });
  }
  return {
    ...base,
    parameters,
    variables: evaluated(objectAt(template, 'variables'), { ...base, parameters }) as JsonObject,
  };
}

/** One look: what runs moves on, and what waited for it starts. */
async function advance(deployment: Deployment): Promise<void> {
  if (isOver(deployment)) return;
  deployment.state = 'Running';
  for (const step of deployment.steps) if (step.state === 'Running') look(deployment, step);
  const failed = deployment.steps.some(({ state }) => state === 'Failed');
  for (const step of deployment.steps) {
    const needed = deployment.steps.filter(({ id }) =>
      step.dependsOn.some((other) => other.toLowerCase() === id.toLowerCase()),
    );
    const free = needed.every(({ state }) => state === 'Succeeded');
    if (step.state === 'NotStarted' && free && !failed) await begin(deployment, step);
  }
  const states = deployment.steps.map(({ state }) => state);
  if (states.includes('Running')) return;
  if (states.includes('Failed')) deployment.state = 'Failed';
  else if (states.every((state) => state === 'Succeeded')) deployment.state = 'Succeeded';
}

async function begin({ call }: Deployment, step: Step): Promise<void> {
  const type = healthcareType(step.type);
  if (type === undefined) return;
  const request = {
    ...call.request,
    method: 'PUT',
    headers: {},
    body: () => Promise.resolve(Buffer.from(JSON.stringify(step.body))),
  };
  try {
    await putResource({ ...call, request, path: parseArmPath(step.id), apiVersion: '2024-03-31' }, type);
    step.state = 'Running';
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    step.state = 'Failed';
    step.error = { code: error.body.code, message: error.body.message };
  }
}

function look({ call }: Deployment, step: Step): void {
  call.operations.look(step.id);
  const resource = call.world.resource(step.id);
  const state = resource === undefined ? 'Failed' : properties(resource).provisioningState;
  if (state === 'Succeeded') step.state = 'Succeeded';
  if (state !== 'Failed') return;
  step.state = 'Failed';
  step.error = {
    code: 'ResourceOperationFailure',
    message: `The resource operation completed with terminal provisioning state 'Failed'.`,
  };
}

const documentOf = ({ id, name, state }: Deployment): JsonObject => ({
  id,
  name,
  type: 'Microsoft.Resources/deployments',
  properties: { mode: 'Incremental', provisioningState: state, correlationId: randomUUID() },
});

function statusOf({ state, steps: all }: Deployment): JsonObject {
  const errors = all.flatMap(({ error }) => (error === undefined ? [] : [{ ...error }]));
  if (state !== 'Failed') return { status: state };
  return {
    status: state,
    error: {
      code: 'DeploymentFailed',
      message: 'At least one resource deployment operation failed. Please list deployment operations for details.',
      details: errors,
    },
  };
}

const operationsOf = ({ steps: all, id }: Deployment): readonly JsonObject[] =>
  all
    .filter(({ state }) => state !== 'NotStarted')
    .map((step, index) => ({
      id: `${id}/operations/${index}`,
      operationId: String(index),
      properties: {
        provisioningOperation: 'Create',
        provisioningState: step.state,
        targetResource: {
          id: step.id,
          resourceType: step.type,
          resourceName: step.id
            .split('/')
            .filter((_, part) => part > 6 && part % 2 === 0)
            .join('/'),
        },
        ...(step.error === undefined ? {} : { statusMessage: { status: 'Failed', error: { ...step.error } } }),
      },
    }));
