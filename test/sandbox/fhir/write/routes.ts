import type { FhirHttpRequest, FhirHttpResponse } from '../http.ts';
import { emptyAnswer } from '../http.ts';
import { badRequest, fhirError } from '../outcome.ts';
import type { ParameterWrites } from '../parameters/writes.ts';
import { requireActions } from '../roles.ts';
import type { Pairs } from '../search/bundle.ts';
import { planSearch, type SearchSurroundings } from '../search/query.ts';
import { matches } from '../search/search.ts';
import type { TimeOrderedStore } from '../store.ts';
import type { StoredVersion } from '../../contract.ts';
import { deletedAnswer, savedAnswer } from './answers.ts';
import { resourceIn } from './content.ts';
import type { ResourceWriter } from './writer.ts';

/** What the routes that write need. */
export interface WriteSurroundings {
  readonly base: string;
  readonly store: TimeOrderedStore;
  readonly writer: ResourceWriter;
  readonly parameters: ParameterWrites;
  searchSurroundings(request: FhirHttpRequest): SearchSurroundings;
}

/** Answers `POST {type}`, conditional with `If-None-Exist`. `forcedId` is the id that a transaction gave before. */
export async function create(
  around: WriteSurroundings,
  type: string,
  request: FhirHttpRequest,
  forcedId?: string,
): Promise<FhirHttpResponse> {
  requireWriting(type, request);
  const resource = resourceIn(request, type, undefined);
  const condition = request.headers['if-none-exist'];
  if (condition !== undefined) {
    const [found, ...more] = conditionMatches(around, type, [...new URLSearchParams(condition)], request);
    if (more.length > 0) throw notSelective(type);
    if (found !== undefined) return savedAnswer({ version: found, outcome: 'unchanged' }, around.base);
  }
  const saved =
    type === 'SearchParameter'
      ? await around.parameters.save(resource, undefined)
      : around.writer.create(resource, forcedId);
  return savedAnswer(saved, around.base);
}

/** Answers `PUT {type}/{id}`. */
export async function update(
  around: WriteSurroundings,
  type: string,
  id: string,
  request: FhirHttpRequest,
): Promise<FhirHttpResponse> {
  requireWriting(type, request);
  requireChangeable(type);
  const resource = resourceIn(request, type, id);
  const ifMatch = request.headers['if-match'];
  const saved =
    type === 'SearchParameter'
      ? await around.parameters.save(resource, id, ifMatch)
      : around.writer.update(resource, id, ifMatch);
  return savedAnswer(saved, around.base);
}

/** Answers `PUT {type}?{criteria}`. */
export async function conditionalUpdate(
  around: WriteSurroundings,
  type: string,
  request: FhirHttpRequest,
): Promise<FhirHttpResponse> {
  requireWriting(type, request);
  requireChangeable(type);
  const resource = resourceIn(request, type, undefined);
  const [found, ...more] = conditionMatches(around, type, [...request.query], request);
  if (more.length > 0) throw notSelective(type);
  if (found !== undefined && resource.id !== undefined && resource.id !== found.id) {
    throw badRequest(`Found result with Id '${found.id}', which did not match the provided Id '${resource.id}'.`);
  }
  const id = found?.id ?? resource.id;
  if (type === 'SearchParameter') return savedAnswer(await around.parameters.save(resource, id), around.base);
  const saved = id === undefined ? around.writer.create(resource) : around.writer.update(resource, id);
  return savedAnswer(saved, around.base);
}

/** Answers `DELETE {type}/{id}`, soft or hard. */
export async function remove(
  around: WriteSurroundings,
  type: string,
  id: string,
  request: FhirHttpRequest,
): Promise<FhirHttpResponse> {
  const hard = isHard(request.query);
  requireDeleting(type, hard, request);
  return deletedAnswer(await removeOne(around, type, id, hard));
}

/** Answers `DELETE {type}/{id}/$purge-history`. */
export function purgeHistory(
  around: WriteSurroundings,
  type: string,
  id: string,
  request: FhirHttpRequest,
): FhirHttpResponse {
  requireActions(request.caller, 'delete', 'hardDelete');
  around.writer.purgeHistory(type, id);
  return deletedAnswer(around.store.current(type, id));
}

/** Answers `DELETE {type}?{criteria}`: one resource, or up to `_count`. */
export async function conditionalDelete(
  around: WriteSurroundings,
  type: string,
  request: FhirHttpRequest,
): Promise<FhirHttpResponse> {
  const hard = isHard(request.query);
  requireDeleting(type, hard, request);
  const count = request.query.get('_count');
  const most = count === null ? 1 : Number(count);
  if (!Number.isInteger(most) || most < 1 || most > 100) {
    throw badRequest('The _count parameter must be between 1 and 100.');
  }
  const found = conditionMatches(around, type, [...request.query], request);
  if (count === null && found.length > 1) throw notSelective(type);
  let deleted = 0;
  let tombstone: StoredVersion | undefined;
  for (const { id } of found.slice(0, most)) {
    tombstone = await removeOne(around, type, id, hard);
    deleted += 1;
  }
  if (count === null) return deletedAnswer(tombstone);
  return emptyAnswer(204, { 'Items-Deleted': String(deleted) });
}

async function removeOne(
  { parameters, writer }: WriteSurroundings,
  type: string,
  id: string,
  hard: boolean,
): Promise<StoredVersion | undefined> {
  if (type === 'SearchParameter') {
    await parameters.delete(id, hard);
    return undefined;
  }
  if (!hard) return writer.delete(type, id);
  writer.hardDelete(type, id);
  return undefined;
}

/** Resources that a conditional request means. @throws FhirError 412 without a usable criterion */
function conditionMatches(
  around: WriteSurroundings,
  type: string,
  pairs: Pairs,
  request: FhirHttpRequest,
): readonly StoredVersion[] {
  const controls = ['_count', 'hardDelete', '_hardDelete', '_format', '_pretty'];
  const criteria = pairs.filter(([name]) => !controls.includes(name));
  if (criteria.length === 0) throw notSelective(type);
  const plan = planSearch(type, criteria, { ...around.searchSurroundings(request), strict: true });
  return Array.from(matches(plan, around.store, undefined));
}

function notSelective(type: string): Error {
  const text = `Conditional operation on ${type} was not attempted because search criteria was not selective enough.`;
  return fhirError(412, 'required', text);
}

function isHard(query: URLSearchParams): boolean {
  return [query.get('hardDelete'), query.get('_hardDelete')].some((value) => value?.toLowerCase() === 'true');
}

function requireWriting(type: string, { caller }: FhirHttpRequest): void {
  requireActions(caller, ...(type === 'SearchParameter' ? (['write', 'reindex'] as const) : (['write'] as const)));
}

function requireDeleting(type: string, hard: boolean, { caller }: FhirHttpRequest): void {
  requireActions(caller, 'delete', ...(hard ? (['hardDelete'] as const) : []));
  if (type === 'SearchParameter') requireActions(caller, 'reindex');
  requireChangeable(type);
}

/** Audit events are only ever added. */
function requireChangeable(type: string): void {
  if (type === 'AuditEvent') throw fhirError(405, 'forbidden', 'The requested action is not allowed.');
}
