import { requireAuthentication } from './admission.ts';
import { fhirAnswer, type FhirHttpRequest, type FhirHttpResponse } from './http.ts';
import { bulkDeleteStatus, cancelBulkDelete, startBulkDelete } from './jobs/bulkDeleteRoutes.ts';
import type { BulkDeleteJobs } from './jobs/bulkDelete.ts';
import type { ReindexJobs } from './jobs/reindex.ts';
import { activeReindex, cancelReindex, reindexResource, reindexStatus, startReindex } from './jobs/reindexRoutes.ts';
import { checkFormat, metadata, versions } from './metadataRoute.ts';
import type { FhirServiceContext, OperationRoute, OperationsHandler } from './operations.ts';
import { badRequest, fhirError } from './outcome.ts';
import type { ParameterRegistry } from './parameters/registry.ts';
import { parameterStatus, requireStatusOperation, updateParameterStatus } from './parameters/statusRoutes.ts';
import { read, readVersion } from './read.ts';
import { requireActions } from './roles.ts';
import type { Route } from './route.ts';
import type { Pairs } from './search/bundle.ts';
import { historyBundle } from './search/history.ts';
import { planSearch } from './search/query.ts';
import { searchBundle, type ListingSurroundings } from './search/search.ts';
import { runBundle } from './write/bundle.ts';
import { requireJson } from './write/content.ts';
import {
  conditionalDelete,
  conditionalUpdate,
  create,
  purgeHistory,
  remove,
  update,
  type WriteSurroundings,
} from './write/routes.ts';

/** The parts of a service that answer requests. */
export interface ServiceParts {
  readonly context: FhirServiceContext;
  readonly authority: string;
  readonly registry: ParameterRegistry;
  readonly operations: OperationsHandler;
  readonly reindex: ReindexJobs;
  readonly bulkDelete: BulkDeleteJobs;
  readonly write: WriteSurroundings;
  /** Text of the capability statement. */
  statement(): string;
  beginTransaction(): { commit(): void; rollBack(): void };
  /** Answers a request of a bundle as if it had come alone. */
  answerAlone(request: FhirHttpRequest, forcedId: string | undefined): Promise<FhirHttpResponse>;
}

/** What comes with one request beside itself. */
export interface Occasion {
  readonly requestId: string;
  /** Id that a transaction gave a resource before it is created. */
  readonly forcedId: string | undefined;
}

/** Answers a request by its route. @throws FhirError */
export async function dispatch(
  parts: ServiceParts,
  route: Route,
  request: FhirHttpRequest,
  occasion: Occasion,
): Promise<FhirHttpResponse> {
  switch (route.kind) {
    case 'health':
      return { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"overallStatus":"Healthy"}' };
    case 'metadata':
      return metadata(request.query, () => parts.statement());
    case 'versions':
      return versions(request, parts.context.spec().fhirVersion ?? '4.0.1');
    case 'unknownRoute':
    case 'unknownType':
      throw fhirError(404, 'not-found', 'The requested route was not found.');
    case 'wrongMethod':
      throw fhirError(405, 'not-supported', 'The requested operation is not supported.');
    default:
      requireAuthentication(request, parts.context.base, parts.authority);
  }
  if (route.kind === 'operation') {
    requireOperationRole(route.operation, request);
    return parts.operations.handle(route.operation, request);
  }
  checkFormat(request.query);
  checkAccept(request);
  return readingAnswer(parts, route, request, occasion) ?? writingAnswer(parts, route, request, occasion);
}

function readingAnswer(
  parts: ServiceParts,
  route: Route,
  request: FhirHttpRequest,
  { requestId }: Occasion,
): FhirHttpResponse | undefined {
  const { store, clock } = parts.context;
  switch (route.kind) {
    case 'read':
      requireActions(request.caller, 'read');
      return read(store, route.type, route.id);
    case 'readVersion':
      requireActions(request.caller, 'read');
      return readVersion(store, route.type, route.id, route.versionId);
    case 'search': {
      requireActions(request.caller, 'read');
      const address = request.path.replace(/\/_search\/?$/, '');
      const plan = planSearch(route.type, searchPairs(request), parts.write.searchSurroundings(request));
      return fhirAnswer(200, searchBundle(plan, listing(parts, address === '' ? '/' : address, requestId)));
    }
    case 'history':
      requireActions(request.caller, 'read');
      return fhirAnswer(
        200,
        historyBundle(route.type, route.id, request.query, listing(parts, request.path, requestId)),
      );
    case 'listReindex':
      requireActions(request.caller, 'reindex');
      return activeReindex(parts.reindex);
    case 'reindexStatus':
      requireActions(request.caller, 'reindex');
      return reindexStatus(parts.reindex, route.id);
    case 'reindexOne':
      requireActions(request.caller, 'reindex');
      return reindexResource(store, route.type, route.id);
    case 'bulkDeleteStatus':
      requireActions(request.caller, 'read');
      return bulkDeleteStatus(parts.bulkDelete, route.id);
    case 'parameterStatus':
      requireStatusOperation(parts.context.spec().flavour);
      requireActions(request.caller, 'read');
      return parameterStatus(parts.registry, request.query);
    case 'updateParameterStatus': {
      requireStatusOperation(parts.context.spec().flavour);
      requireActions(request.caller, 'searchParameter');
      parts.write.parameters.requireNoReindex();
      return updateParameterStatus(parts.registry, request.body.toString(), clock.now());
    }
    default:
      return undefined;
  }
}

async function writingAnswer(
  parts: ServiceParts,
  route: Route,
  request: FhirHttpRequest,
  { forcedId }: Occasion,
): Promise<FhirHttpResponse> {
  const { write, context } = parts;
  switch (route.kind) {
    case 'create':
      return create(write, route.type, request, forcedId);
    case 'update':
      return update(write, route.type, route.id, request);
    case 'conditionalUpdate':
      return conditionalUpdate(write, route.type, request);
    case 'delete':
      return remove(write, route.type, route.id, request);
    case 'conditionalDelete':
      return conditionalDelete(write, route.type, request);
    case 'purgeHistory':
      return purgeHistory(write, route.type, route.id, request);
    case 'bundle': {
      if (request.caller.roles.size === 0) throw fhirError(403, 'forbidden', 'Authorization failed.');
      const { flavour } = context.spec();
      return runBundle(
        {
          flavour,
          base: context.base,
          dispatch: (inner, id) => parts.answerAlone(inner, id),
          beginTransaction: () => parts.beginTransaction(),
        },
        request,
      );
    }
    case 'startReindex':
      requireActions(request.caller, 'reindex');
      requireJson(request);
      return startReindex(parts.reindex, request, context.base);
    case 'cancelReindex':
      requireActions(request.caller, 'reindex');
      return cancelReindex(parts.reindex, route.id);
    case 'startBulkDelete': {
      const around = write.searchSurroundings(request);
      return startBulkDelete(parts.bulkDelete, route, request, context.store, around);
    }
    case 'cancelBulkDelete':
      requireActions(request.caller, 'bulkDelete');
      return cancelBulkDelete(parts.bulkDelete, route.id);
    default:
      throw fhirError(404, 'not-found', 'The requested route was not found.');
  }
}

function requireOperationRole(route: OperationRoute, { caller }: FhirHttpRequest): void {
  const importing = route.kind === 'startImport' || ('operation' in route && route.operation === 'import');
  requireActions(caller, importing ? 'import' : 'export');
}

function checkAccept({ headers }: FhirHttpRequest): void {
  const { accept } = headers;
  if (accept === undefined || accept === '') return;
  const types = accept.split(',').map((one) => one.split(';')[0]?.trim().toLowerCase() ?? '');
  if (
    types.some((type) =>
      ['*/*', 'application/*', 'application/json', 'application/fhir+json', 'text/json'].includes(type),
    )
  ) {
    return;
  }
  throw fhirError(406, 'not-supported', `Value supplied, ${accept},  for the "Accept" header is not supported.`);
}

/** Parameters of a search, from the address and, after `_search`, from the form in the body. */
function searchPairs({ method, headers, query, body }: FhirHttpRequest): Pairs {
  if (method !== 'POST') return [...query];
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) {
    throw badRequest(`The "content-type" header must be 'application/x-www-form-urlencoded'.`);
  }
  return [...query, ...new URLSearchParams(body.toString())];
}

function listing({ context }: ServiceParts, path: string, requestId: string): ListingSurroundings {
  return {
    store: context.store,
    flavour: context.spec().flavour,
    base: context.base,
    address: `${context.base}${path}`,
    requestId,
    now: context.clock.now(),
  };
}
