import { accepted, emptyAnswer, fhirAnswer, type FhirHttpRequest, type FhirHttpResponse } from '../http.ts';
import { badRequest, type Issue } from '../outcome.ts';
import { requireActions } from '../roles.ts';
import type { Pairs } from '../search/bundle.ts';
import { planSearch, type SearchSurroundings } from '../search/query.ts';
import { matches } from '../search/search.ts';
import { inWindow } from '../search/window.ts';
import type { TimeOrderedStore } from '../store.ts';
import type { StoredVersion } from '../../contract.ts';
import type { BulkDeleteJob, BulkDeleteJobs, BulkDeleteKind } from './bulkDelete.ts';

const ownParameters = ['hardDelete', '_hardDelete', '_purgeHistory', '_remove-references', 'excludedResourceTypes'];

export interface BulkDeleteRequest {
  readonly type: string | undefined;
  /** `$bulk-delete-soft-deleted`: removes tombstones. */
  readonly tombstones: boolean;
}

/** Answers `DELETE [{type}/]$bulk-delete`. @throws FhirError 400 for headers and parameters */
export function startBulkDelete(
  jobs: BulkDeleteJobs,
  { type, tombstones }: BulkDeleteRequest,
  request: FhirHttpRequest,
  store: TimeOrderedStore,
  around: SearchSurroundings,
): FhirHttpResponse {
  const { query, headers, caller } = request;
  const kind = kindOf(query, tombstones);
  requireActions(caller, 'bulkDelete', 'delete', ...(kind === 'soft' ? [] : (['hardDelete'] as const)));
  if (headers.prefer === undefined) throw badRequest('Missing required header; Prefer');
  if (!headers.prefer.includes('respond-async')) {
    throw badRequest('Missing required header value; header=Prefer,value=respond-async.');
  }
  const pairs = [...query].filter(([name]) => !ownParameters.includes(name));
  const excluded = query.get('excludedResourceTypes')?.split(',') ?? [];
  const selected = tombstones ? deletedOf(type, pairs, store, around) : liveOf(type, pairs, store, around);
  const job = jobs.start({
    kind,
    *selected() {
      for (const version of selected()) if (!excluded.includes(version.type)) yield version;
    },
  });
  return accepted(`${around.base}/_operations/bulk-delete/${job.id}`);
}

function kindOf(query: URLSearchParams, tombstones: boolean): BulkDeleteKind {
  const asks = (name: string): boolean => query.get(name)?.toLowerCase() === 'true';
  if (tombstones || asks('hardDelete') || asks('_hardDelete')) return 'hard';
  return asks('_purgeHistory') ? 'purgeHistory' : 'soft';
}

function liveOf(
  type: string | undefined,
  pairs: Pairs,
  store: TimeOrderedStore,
  around: SearchSurroundings,
): () => Iterable<StoredVersion> {
  const plan = planSearch(type, pairs, { ...around, strict: true });
  return () => matches(plan, store, undefined);
}

function deletedOf(
  type: string | undefined,
  pairs: Pairs,
  store: TimeOrderedStore,
  around: SearchSurroundings,
): () => Iterable<StoredVersion> {
  const other = pairs.map(([name]) => name).filter((name) => name !== '_lastUpdated');
  if (other.length > 0) throw badRequest(`The "${other.join(', ')}" parameter is not supported.`);
  const { window } = planSearch(type, pairs, around);
  return function* () {
    for (const one of type === undefined ? store.types() : [type]) {
      for (const version of store.currents(one)) if (version.deleted && inWindow(window, version)) yield version;
    }
  };
}

/** Answers `GET _operations/bulk-delete/{id}`. */
export function bulkDeleteStatus(jobs: BulkDeleteJobs, id: string): FhirHttpResponse {
  const job = jobs.get(id);
  switch (job.state) {
    case 'Running':
      return fhirAnswer(202, body(job, issue('information', 'Job In Progress')), { 'X-Progress': 'in progress' });
    case 'Cancelled':
      return fhirAnswer(200, body(job, issue('warning', 'Job Canceled')));
    case 'Failed':
      return fhirAnswer(409, body(job, { severity: 'error', code: 'conflict', details: { text: job.failure } }));
    case 'Completed':
      return fhirAnswer(200, body(job, undefined));
  }
}

/** Answers `DELETE _operations/bulk-delete/{id}`. */
export function cancelBulkDelete(jobs: BulkDeleteJobs, id: string): FhirHttpResponse {
  jobs.cancel(id);
  return emptyAnswer(202);
}

function issue(severity: Issue['severity'], text: string): object {
  return { severity, code: 'informational', details: { text } };
}

function body(job: BulkDeleteJob, problem: object | undefined): object {
  const part = [...job.deleted].map(([name, valueInteger64]) => ({ name, valueInteger64 }));
  const parameter = [
    ...(problem === undefined
      ? []
      : [{ name: 'Issues', resource: { resourceType: 'OperationOutcome', issue: [problem] } }]),
    ...(part.length === 0 ? [] : [{ name: 'ResourceDeletedCount', part }]),
  ];
  return { resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) };
}
