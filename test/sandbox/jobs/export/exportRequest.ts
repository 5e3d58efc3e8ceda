import type { FhirHttpRequest } from '../../fhir/http.ts';
import { type InstantRange, parseInstantRange } from '../../fhir/instant.ts';
import type { FhirServiceContext, OperationRoute } from '../../fhir/operations.ts';
import { badRequest } from '../../fhir/outcome.ts';
import { type Anonymization, anonymizationOf, refusePathTraversal } from './anonymization.ts';
import { checkExportHeaders } from './exportHeaders.ts';
import { type ExportFilter, parseTypeFilters } from './typeFilters.ts';

/** What an accepted export is to do. */
export interface ExportDefinition {
  readonly scope: 'system' | 'patient' | 'group';
  readonly groupId: string | undefined;
  /** The address as the client sent it. */
  readonly request: string;
  readonly since: InstantRange | undefined;
  /** Undefined: the time at which the job was created. */
  readonly till: InstantRange | undefined;
  /** Undefined: every type that holds data. */
  readonly types: readonly string[] | undefined;
  readonly filters: readonly ExportFilter[];
  readonly container: string | undefined;
  /** Rows per page, and per id range in a parallel export of AHDS. */
  readonly maxCount: number;
  readonly parallel: boolean;
  readonly history: boolean;
  readonly deleted: boolean;
  readonly anonymization: Anonymization | undefined;
}

const known: ReadonlySet<string> = new Set([
  '_outputFormat',
  '_since',
  '_till',
  '_type',
  '_container',
  '_format',
  '_typeFilter',
  '_isParallel',
  'includeAssociatedData',
  '_maxCount',
  '_anonymizationConfigCollectionReference',
  '_anonymizationConfig',
  '_anonymizationConfigEtag',
]);
const outputFormats: ReadonlySet<string> = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson']);
const largestCount = 10_000;

type StartExport = Extract<OperationRoute, { readonly kind: 'startExport' }>;

/** Checks and reads a request to `$export`. @throws FhirError 400 in the services' words */
export function parseExportRequest(
  route: StartExport,
  request: FhirHttpRequest,
  context: FhirServiceContext,
): ExportDefinition {
  const { strict } = checkExportHeaders(request);
  const { query } = request;
  checkNames(query);
  if (context.spec().exportEnabled === false) throw badRequest('The requested "export" operation is not enabled');
  const container = text(query, '_container');
  if (container !== undefined) refusePathTraversal(container);
  const anonymization = anonymizationOf(query);
  const scope = scopeOf(route);
  const associated = scope === 'system' ? associatedData(query) : { history: false, deleted: false };
  const typeFilter = text(query, '_typeFilter');
  const filters = typeFilter === undefined ? [] : parseTypeFilters(typeFilter, context, strict);
  const format = text(query, '_format');
  if (format !== undefined) throw badRequest(`The format '${format}' could not be found.`);
  return {
    scope,
    groupId: route.groupId,
    request: request.url,
    since: instant(query, '_since'),
    till: instant(query, '_till'),
    types: text(query, '_type')
      ?.split(',')
      .filter((type) => type !== ''),
    filters,
    container,
    maxCount: maxCount(query),
    parallel: parallel(query, scope, context),
    ...associated,
    anonymization,
  };
}

function checkNames(query: URLSearchParams): void {
  for (const name of query.keys()) if (!known.has(name)) throw badRequest(`The "${name}" parameter is not supported.`);
  if (query.has('_typeFilter') && !query.has('_type')) {
    throw badRequest('The _type parameter must be included when using the _typeFilter parameter.');
  }
  for (const format of query.getAll('_outputFormat')) {
    if (!outputFormats.has(format)) throw badRequest(`The output format '${format}' is not supported.`);
  }
}

function scopeOf(route: StartExport): ExportDefinition['scope'] {
  if (route.type === undefined) return 'system';
  if (route.type === 'Patient') return 'patient';
  if (route.type === 'Group' && route.groupId !== undefined) return 'group';
  throw badRequest(`Requested operation does not support resource type: ${route.type}.`);
}

function associatedData(query: URLSearchParams): { readonly history: boolean; readonly deleted: boolean } {
  const values = (query.get('includeAssociatedData') ?? '').split(',').filter((value) => value !== '');
  const invalid = values.filter((value) => value !== '_history' && value !== '_deleted');
  if (invalid.length > 0) {
    throw badRequest(
      `The export parameter "includeAssociatedData" contains an invalid value. Supported values are: ${invalid.join(',')}.`,
    );
  }
  if (values.length > 0 && text(query, '_typeFilter') !== undefined) {
    throw badRequest(
      'The request "_typeFilter" cannot be used with an export request with historical or soft deleted resources.',
    );
  }
  return { history: values.includes('_history'), deleted: values.includes('_deleted') };
}

function parallel(query: URLSearchParams, scope: ExportDefinition['scope'], context: FhirServiceContext): boolean {
  const value = query.get('_isParallel')?.toLowerCase();
  if (value !== undefined && value !== 'true' && value !== 'false') throw notValid(value);
  if (scope !== 'system') return scope === 'patient';
  return value === undefined ? context.spec().flavour !== 'azureApiForFhir' : value === 'true';
}

function maxCount(query: URLSearchParams): number {
  const value = text(query, '_maxCount') ?? '0';
  if (!/^\d{1,10}$/.test(value)) throw notValid(value);
  const count = Number(value);
  if (count > largestCount) {
    throw badRequest(
      `Export operation parameter 'MaximumNumberOfResourcesPerQuery' was out of the range of valid values. Please specify a different value within a range '1' - '${largestCount}'.`,
    );
  }
  return count === 0 ? largestCount : count;
}

function instant(query: URLSearchParams, name: string): InstantRange | undefined {
  const value = text(query, name);
  if (value === undefined) return undefined;
  const range = parseInstantRange(value);
  if (range === undefined) throw notValid(value);
  return range;
}

function text(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name);
  return value === null || value.trim() === '' ? undefined : value;
}

function notValid(value: string): Error {
  return badRequest(`The value '${value}' is not valid.`);
}
