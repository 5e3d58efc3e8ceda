import { formatInstant } from '../instant.ts';
import { fhirAnswer, type FhirHttpRequest, type FhirHttpResponse } from '../http.ts';
import { badRequest, fhirError } from '../outcome.ts';
import { isObject, parsed, parseResource, type JsonObject } from '../resourceText.ts';
import type { TimeOrderedStore } from '../store.ts';
import type { ReindexJob, ReindexJobs, ReindexOptions } from './reindex.ts';

/** Answers `POST $reindex`: 201 with the new job, or with the one under way. */
export function startReindex(jobs: ReindexJobs, request: FhirHttpRequest, base: string): FhirHttpResponse {
  const prefer = request.headers.prefer;
  if (prefer !== undefined && prefer !== 'respond-sync') {
    throw badRequest(`Value supplied, ${prefer},  for the "Prefer" header is not supported.`);
  }
  const job = jobs.start(optionsOf(request.body.toString()));
  return fhirAnswer(201, jobBody(jobs, job), {
    'Content-Location': `${base}/_operations/reindex/${job.id}`,
    ETag: `W/"${versionOf(jobs, job)}"`,
    'Last-Modified': new Date(job.queuedAt).toUTCString(),
  });
}

/** Answers `GET _operations/reindex/{id}`, in every state 200. */
export function reindexStatus(jobs: ReindexJobs, id: string): FhirHttpResponse {
  return fhirAnswer(200, jobBody(jobs, jobs.get(id)));
}

/** Answers `GET $reindex`. @throws FhirError 405 when none is under way */
export function activeReindex(jobs: ReindexJobs): FhirHttpResponse {
  const job = jobs.active();
  if (job === undefined) throw fhirError(405, 'not-supported', 'Get list of Reindex jobs not yet implemented.');
  return fhirAnswer(200, jobBody(jobs, job));
}

/** Answers `DELETE _operations/reindex/{id}`. */
export function cancelReindex(jobs: ReindexJobs, id: string): FhirHttpResponse {
  return fhirAnswer(202, jobBody(jobs, jobs.cancel(id)));
}

/** Answers `$reindex` of one resource. @throws FhirError 404 */
export function reindexResource(store: TimeOrderedStore, type: string, id: string): FhirHttpResponse {
  const version = store.current(type, id);
  if (version === undefined || version.deleted) {
    throw fhirError(404, 'not-found', `Resource type '${type}' with id '${id}' couldn't be found.`);
  }
  const parameter = [{ name: 'resourceType', valueString: String(parsed(version).resourceType) }];
  return fhirAnswer(200, { resourceType: 'Parameters', parameter });
}

function optionsOf(body: string): ReindexOptions {
  const invalid =
    'Reindex operation parameters must be specified as a FHIR Parameters resource.  Provided body in this request is not valid.';
  if (body.trim() === '') throw badRequest(invalid);
  const { type, content } = parseResource(body);
  if (type !== 'Parameters') throw badRequest(invalid);
  const given = Array.isArray(content.parameter) ? (content.parameter as unknown[]).filter(isObject) : [];
  return {
    maximumNumberOfResourcesPerQuery: number(given, 'maximumNumberOfResourcesPerQuery', 10_000, 10_000),
    maximumNumberOfResourcesPerWrite: number(given, 'maximumNumberOfResourcesPerWrite', 1_000, 10_000),
  };
}

function number(given: readonly JsonObject[], name: string, otherwise: number, most: number): number {
  const found = given.find((one) => typeof one.name === 'string' && one.name.toLowerCase() === name.toLowerCase());
  const value = found && Object.entries(found).find(([key]) => key.startsWith('value'))?.[1];
  if (value === undefined) return otherwise;
  const asked = Number(value);
  if (!Number.isInteger(asked))
    throw badRequest(`The input string '${JSON.stringify(value)}' was not in a correct format.`);
  if (asked < 1 || asked > most) {
    const range = `Please specify different value within a range '1' - '${most}'`;
    throw badRequest(`Reindex operation parameter '${name}' was out of the range of valid values. ${range}.`);
  }
  return asked;
}

function versionOf(jobs: ReindexJobs, job: ReindexJob): string {
  const state = jobs.stateOf(job);
  return state === 'Queued' ? '1' : state === 'Running' ? '2' : '3';
}

function jobBody(jobs: ReindexJobs, job: ReindexJob): object {
  const state = jobs.stateOf(job);
  const done = jobs.progressOf(job);
  const total = [...job.counts.values()].reduce((sum, count) => sum + count, 0);
  const rounded = total === 0 ? 0 : Math.round((done / total) * 1_000) / 10;
  const lastModified = job.ended?.at ?? (state === 'Queued' ? job.queuedAt : job.startsAt);
  const perType = [...job.counts].map(([type, count]) => `${type}: ${count.toLocaleString('en-US')}\n`).join('');
  const time = (name: string, at: number): object => ({ name, valueDateTime: formatInstant(at) });
  const decimal = (name: string, valueDecimal: number): object => ({ name, valueDecimal });
  const text = (name: string, valueString: string): readonly object[] =>
    valueString === '' ? [] : [{ name, valueString }];
  return {
    resourceType: 'Parameters',
    id: job.id,
    meta: { versionId: versionOf(jobs, job) },
    parameter: [
      ...text('id', job.id),
      ...(state === 'Queued' ? [] : [time('startTime', job.startsAt)]),
      ...(job.ended === undefined ? [] : [time('endTime', job.ended.at)]),
      time('lastModified', lastModified),
      time('queuedTime', job.queuedAt),
      decimal('totalResourcesToReindex', state === 'Queued' ? 0 : total),
      decimal('resourcesSuccessfullyReindexed', done),
      decimal('progress', rounded === 100 && done < total ? 99.9 : rounded),
      ...text('status', state),
      ...text('resources', [...job.counts.keys()].join(',')),
      ...text('resourceReindexProgressByResource (resource count)', state === 'Queued' ? '' : perType),
      ...text('searchParams', job.parameters.join(',')),
      ...text('failureDetails', job.ended?.reason ?? ''),
      decimal('maximumNumberOfResourcesPerQuery', job.maximumNumberOfResourcesPerQuery),
      decimal('maximumNumberOfResourcesPerWrite', job.maximumNumberOfResourcesPerWrite),
    ],
  };
}
