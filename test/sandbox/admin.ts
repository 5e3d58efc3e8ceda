import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { LongRunningOperations } from './arm/longRunning.ts';
import { parseArmPath } from './arm/armPath.ts';
import { objectAt, properties, type ArmWorld } from './arm/world.ts';
import {
  clockSchema,
  faultSchema,
  jobFaultSchema,
  operationSchema,
  principalSchema,
  resourceSchema,
  serviceChangeSchema,
} from './adminRequests.ts';
import type { RunningSandbox } from './contract.ts';
import type { RouteFaults } from './faults.ts';
import type { FhirServices } from './fhirServices.ts';
import { jsonAnswer, parseJson, type HttpAnswer, type HttpRequest } from './http.ts';

export interface AdminOptions {
  readonly sandbox: RunningSandbox;
  readonly world: ArmWorld;
  readonly operations: LongRunningOperations;
  readonly services: FhirServices;
  readonly faults: RouteFaults;
}

/**
 * The sandbox's own endpoint, for tests and demos in other processes: faults, clock, services, counters, jobs, state. It
 * takes JSON only, so that no web page can reach it without asking first.
 */
export function createAdmin(options: AdminOptions): (request: HttpRequest) => Promise<HttpAnswer> {
  return async (request) => {
    try {
      return await answer(options, request);
    } catch (error) {
      if (error instanceof v.ValiError || error instanceof RangeError || error instanceof SyntaxError) {
        return jsonAnswer(400, { error: error.message });
      }
      throw error;
    }
  };
}

type Action = (options: AdminOptions, call: AdminCall) => unknown;

interface AdminCall {
  /** What follows the first word of the path; empty when nothing does. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: <Output>(schema: v.GenericSchema<unknown, Output>) => Promise<Output>;
}

/** By method and first word of the path. An action whose result is undefined is answered with 204. */
const actions: Readonly<Record<string, Action>> = {
  'GET state': (options) => state(options),
  'GET counters': ({ sandbox }, { query }) => sandbox.counters(query.get('service') ?? undefined),
  'DELETE counters': ({ sandbox }) => sandbox.resetCounters(),
  'GET jobs': (options, { query }) => jobs(options, query.get('service') ?? undefined),
  'GET faults': ({ faults }) => faults.pending(),
  'POST faults': async ({ sandbox }, { body }) => sandbox.addFault(await body(faultSchema)),
  'DELETE faults': ({ sandbox }) => sandbox.clearFaults(),
  'POST job-faults': async ({ sandbox }, { body }) => sandbox.addJobFault(await body(jobFaultSchema)),
  'GET clock': ({ sandbox }) => clock(sandbox),
  'POST clock': async ({ sandbox }, { body }) => {
    sandbox.clock.advance((await body(clockSchema)).advanceMs);
    return clock(sandbox);
  },
  'POST services': async ({ sandbox }, { name, body }) => sandbox.configure(name, await body(serviceChangeSchema)),
  'POST patients': ({ sandbox }, { name }) => writePatient(sandbox, name),
  'DELETE patients': ({ sandbox }, { name }) => losePatient(sandbox, name),
  'DELETE tokens': ({ sandbox }) => sandbox.expireTokens(),
  'POST principals': async ({ sandbox }, { body }) => sandbox.addPrincipal((await body(principalSchema)).roles),
  'POST operations': async ({ operations }, { body }) => changeOperations(operations, await body(operationSchema)),
  'POST resources': async ({ world }, { body }) => changeResource(world, await body(resourceSchema)),
};

async function answer(options: AdminOptions, request: HttpRequest): Promise<HttpAnswer> {
  const [, what = '', ...rest] = request.path.split('/').map(decodeURIComponent);
  const action = actions[`${request.method} ${what}`];
  if (action === undefined) return jsonAnswer(404, { error: `Nothing is served at ${request.path}.` });
  const result = await action(options, {
    name: rest.join('/'),
    query: new URLSearchParams(request.search),
    body: async (schema) => v.parse(schema, await readJson(request)),
  });
  return result === undefined ? { status: 204 } : jsonAnswer(200, result);
}

/** Throws RangeError when the request is not JSON. */
async function readJson(request: HttpRequest): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new RangeError('The admin endpoint takes application/json only.');
  }
  const value = parseJson((await request.body()).toString('utf8'));
  if (value === undefined) throw new RangeError('The body is not JSON.');
  return value;
}

/** Removes the first patient of a service for good, as a hard delete does, and says which it was. */
function losePatient(sandbox: RunningSandbox, service: string): object {
  const store = sandbox.store(service);
  const ids = [...store.currents('Patient')].filter(({ deleted }) => !deleted).map(({ id }) => id);
  const [id] = ids.sort();
  if (id === undefined) throw new RangeError(`${service} holds no patient.`);
  store.purge('Patient', id);
  return { id };
}

/** Writes a patient on a service, as an application does, and says which it is. */
function writePatient(sandbox: RunningSandbox, service: string): object {
  const id = randomUUID();
  const json = JSON.stringify({ resourceType: 'Patient', id, active: true });
  const lastUpdated = Math.floor(sandbox.clock.now());
  sandbox.store(service).put({ type: 'Patient', id, versionId: '1', lastUpdated, deleted: false, method: 'PUT', json });
  return { id };
}

function clock(sandbox: RunningSandbox): object {
  return { now: sandbox.clock.now(), factor: sandbox.clock.factor };
}

function jobs(options: AdminOptions, service: string | undefined): object {
  const names = service === undefined ? options.services.all().map((one) => one.spec().name) : [service];
  return Object.fromEntries(names.map((name) => [name, options.sandbox.jobs(name)]));
}

function state({ sandbox, services }: AdminOptions): object {
  return {
    origin: sandbox.origin,
    clock: { now: sandbox.clock.now(), factor: sandbox.clock.factor },
    services: services.all().map((service) => {
      const { data, ...spec } = service.spec();
      return {
        ...spec,
        endpoint: sandbox.endpointOf(spec.name),
        resourceId: spec.flavour === 'fhirServer' ? null : sandbox.resourceIdOf(spec.name),
        size: service.store.size,
        loaded: data?.map((source) => source.kind) ?? [],
      };
    }),
  };
}

function changeOperations(operations: LongRunningOperations, change: v.InferOutput<typeof operationSchema>): void {
  const { failNext, ...settings } = change;
  Object.assign(operations.settings, settings);
  if (failNext !== undefined) operations.failNext(failNext.code, failNext.message);
}

/** Merges into the document of an ARM resource, past all checks of ARM; makes the resource when it is not there. */
function changeResource(world: ArmWorld, { id, change }: v.InferOutput<typeof resourceSchema>): void {
  const existing = world.resource(id);
  if (existing !== undefined) {
    world.change(existing, { ...change, properties: { ...properties(existing), ...objectAt(change, 'properties') } });
    return;
  }
  const path = parseArmPath(id);
  const types = path.types.split('/');
  if (path.namespace === undefined || path.resourceGroup === undefined || types.length !== path.names.length) {
    throw new RangeError(`${id} is not the id of a resource.`);
  }
  const type = path.id.split('/').filter((_, index) => index === 6 || (index > 6 && index % 2 === 1));
  world.put(
    {
      subscriptionId: path.subscriptionId ?? '',
      resourceGroup: path.resourceGroup,
      type: type.join('/'),
      names: path.names,
    },
    change,
  );
}
