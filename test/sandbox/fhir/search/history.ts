import type { StoredVersion } from '../../contract.ts';
import { formatInstant, parseInstantRange } from '../instant.ts';
import { badRequest, fhirError, type Issue } from '../outcome.ts';
import { render } from '../resourceText.ts';
import { bundleText, linkTo, type Pairs } from './bundle.ts';
import { decodePlace, encodePlace, start, type Place } from './continuation.ts';
import type { ListingSurroundings } from './search.ts';
import { always, boundsOf, walk, type Order, type TimeWindow } from './window.ts';

interface HistoryPlan {
  readonly window: TimeWindow;
  readonly order: Order;
  readonly count: number;
  readonly countOnly: boolean;
  readonly place: Place;
  readonly issues: readonly Issue[];
  readonly understood: Pairs;
}

/**
 * The text of the history of a resource, a type or the whole service. Every version counts, tombstones included.
 * @throws FhirError 400, 403, and 404 for a resource that never was
 */
export function historyBundle(
  type: string | undefined,
  id: string | undefined,
  query: URLSearchParams,
  around: ListingSurroundings,
): string {
  const plan = planHistory(query, around.now);
  const { store } = around;
  if (type !== undefined && id !== undefined && store.current(type, id) === undefined) {
    throw fhirError(404, 'not-found', `Resource type '${type}' with id '${id}' couldn't be found.`);
  }
  const views = viewsOf(type, id, around);
  const total = plan.countOnly ? views.reduce((sum, view) => sum + sizeOf(view, plan.window), 0) : undefined;
  const { versions, next } = plan.countOnly ? { versions: [], next: undefined } : pageOf(plan, views);
  const following = next === undefined ? undefined : [...plan.understood, ['ct', encodePlace(next)] as const];
  return bundleText({
    type: 'history',
    id: around.requestId,
    now: around.now,
    total,
    self: linkTo(around.address, plan.understood),
    next: following && linkTo(around.address, following),
    issues: plan.issues,
    entries: versions.map((version) => entryText(version, around)),
  });
}

function viewsOf(
  type: string | undefined,
  id: string | undefined,
  { store }: ListingSurroundings,
): readonly (readonly StoredVersion[])[] {
  if (type === undefined) return store.types().map((one) => store.versionsByTime(one));
  if (id === undefined) return [store.versionsByTime(type)];
  const versions = [...store.versions(type, id)];
  return [versions.sort((a, b) => a.lastUpdated - b.lastUpdated || Number(a.versionId) - Number(b.versionId))];
}

function sizeOf(view: readonly StoredVersion[], window: TimeWindow): number {
  const [first, last] = boundsOf(view, window);
  return last - first;
}

function pageOf(
  plan: HistoryPlan,
  views: readonly (readonly StoredVersion[])[],
): { readonly versions: readonly StoredVersion[]; readonly next: Place | undefined } {
  const versions: StoredVersion[] = [];
  for (const version of walk(views, plan.window, plan.order, plan.place.after)) {
    if (versions.length === plan.count) {
      return { versions, next: { page: plan.place.page + 1, after: versions.at(-1), offset: 0 } };
    }
    versions.push(version);
  }
  return { versions, next: undefined };
}

/** Only these parameters are read; others, `_type` among them, are ignored without a word. */
function planHistory(query: URLSearchParams, now: number): HistoryPlan {
  const understood: (readonly [string, string])[] = [];
  const take = (name: string): string | undefined => {
    const value = query.get(name) ?? undefined;
    if (value !== undefined) understood.push([name, value]);
    return value;
  };
  const since = take('_since');
  const before = take('_before');
  const sort = take('_sort');
  const count = take('_count');
  const summary = take('_summary');
  const issues: Issue[] = [];
  if (query.has('_at')) {
    const other = since === undefined ? '_before' : '_since';
    if (since !== undefined || before !== undefined) {
      throw fhirError(403, 'invalid', `_at and ${other} cannot both be specified.`);
    }
    const diagnostics = "The search parameter '_at' is not supported for resource type 'DomainResource'.";
    issues.push({ severity: 'warning', code: 'not-supported', diagnostics });
  }
  if (count !== undefined && !/^\d+$/.test(count)) throw badRequest(`The value '${count}' is not valid.`);
  return {
    window: { ...always, ...bound('from', since), ...bound('till', notInFuture(before, now)) },
    order: orderOf(sort),
    count: Math.min(1_000, Math.max(1, Number(count ?? 10))),
    countOnly: count === '0' || summary?.toLowerCase() === 'count',
    place: query.has('ct') ? decodePlace(query.get('ct') ?? '') : start,
    issues,
    understood,
  };
}

function bound(name: 'from' | 'till', value: string | undefined): Partial<TimeWindow> {
  if (value === undefined) return {};
  const range = parseInstantRange(value);
  if (range === undefined) throw badRequest(`The date time string '${value}' is not in a correct format.`);
  return { [name]: range.start };
}

function notInFuture(before: string | undefined, now: number): string | undefined {
  const range = before === undefined ? undefined : parseInstantRange(before);
  if (range !== undefined && range.start > now) {
    throw fhirError(403, 'invalid', 'Parameter _before cannot a be a value in the future.');
  }
  return before;
}

function orderOf(sort: string | undefined): Order {
  if (sort === undefined || sort === '' || sort === '-_lastUpdated') return 'descending';
  if (sort === '_lastUpdated') return 'ascending';
  throw fhirError(403, 'invalid', `Sorting by the '${sort}' parameter is not supported.`);
}

function entryText(version: StoredVersion, { base, flavour }: ListingSurroundings): string {
  const { type, id, versionId, lastUpdated, method, deleted } = version;
  const created = method === 'POST' || (method === 'PUT' && versionId === '1');
  const status = deleted ? '204 NoContent' : created ? '201 Created' : '200 OK';
  const request = { method, url: method === 'POST' ? `${type}/` : `${type}/${id}` };
  const response = { status, etag: `W/"${versionId}"`, lastModified: formatInstant(lastUpdated) };
  const fullUrl = `${base}/${type}/${id}/_history/${versionId}`;
  const withoutVersion = deleted && flavour === 'azureApiForFhir';
  const resource = withoutVersion ? versionless(version) : render(version);
  return `{"fullUrl":${JSON.stringify(fullUrl)},"resource":${resource},"request":${JSON.stringify(request)},"response":${JSON.stringify(response)}}`;
}

/** A tombstone as gen1 lists it: its version stands in the entry's etag only. */
function versionless({ type, id, lastUpdated }: StoredVersion): string {
  return JSON.stringify({ resourceType: type, id, meta: { lastUpdated: formatInstant(lastUpdated) } });
}
