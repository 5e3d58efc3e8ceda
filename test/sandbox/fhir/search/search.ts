import type { Flavour, StoredVersion } from '../../contract.ts';
import { parsed, type JsonObject } from '../resourceText.ts';
import type { TimeOrderedStore } from '../store.ts';
import { byTime } from '../timeline.ts';
import { bundleText, linkTo } from './bundle.ts';
import { encodePlace, type Place } from './continuation.ts';
import { included } from './includes.ts';
import type { SearchPlan } from './query.ts';
import { shaped } from './shape.ts';
import { sortKey } from './sorting.ts';
import { boundsOf, walk } from './window.ts';

/** What a listing needs beside its plan. */
export interface ListingSurroundings {
  readonly store: TimeOrderedStore;
  readonly flavour: Flavour;
  readonly base: string;
  /** Address of the search without query. */
  readonly address: string;
  readonly requestId: string;
  readonly now: number;
}

interface Page {
  readonly versions: readonly StoredVersion[];
  readonly next: Place | undefined;
}

/** Runs a search and gives the text of its bundle. */
export function searchBundle(plan: SearchPlan, around: ListingSurroundings): string {
  const { understood, place } = plan;
  const total = plan.countOnly || (plan.wantsTotal && place.page === 0) ? countMatches(plan, around.store) : undefined;
  const page = plan.countOnly ? { versions: [], next: undefined } : pageOf(plan, around);
  const carried = understood.filter(([name]) => name !== '_total');
  const next = page.next === undefined ? undefined : [...carried, ['ct', encodePlace(page.next)] as const];
  return bundleText({
    type: 'searchset',
    id: around.requestId,
    now: around.now,
    total,
    self: linkTo(around.address, understood),
    next: next && linkTo(around.address, next),
    issues: plan.issues,
    entries: [
      ...page.versions.map((version) => entryText(version, 'match', plan, around.base)),
      ...included(plan.includes, page.versions, around.store).map((version) =>
        entryText(version, 'include', plan, around.base),
      ),
    ],
  });
}

function entryText(version: StoredVersion, mode: 'match' | 'include', { shape }: SearchPlan, base: string): string {
  const fullUrl = JSON.stringify(`${base}/${version.type}/${version.id}`);
  return `{"fullUrl":${fullUrl},"resource":${shaped(version, shape)},"search":{"mode":"${mode}"}}`;
}

function countMatches(plan: SearchPlan, store: TimeOrderedStore): number {
  const { types, ids, criteria, window } = plan;
  if (ids !== undefined || criteria.length > 0 || window.excluded.length > 0) {
    return Array.from(matches(plan, store, undefined)).length;
  }
  let total = 0;
  for (const type of types ?? store.types()) {
    const view = store.currentsByTime(type);
    const [first, last] = boundsOf(view, window);
    for (let at = first; at < last; at += 1) if (view[at]?.deleted === false) total += 1;
  }
  return total;
}

/** Every resource that a search finds, in its order; after a place where the order is by time. */
export function* matches(
  plan: SearchPlan,
  store: TimeOrderedStore,
  after: StoredVersion | undefined,
): Generator<StoredVersion> {
  const order = plan.sorting.kind === 'time' ? plan.sorting.order : 'byType';
  const { ids, criteria } = plan;
  const types = plan.types === undefined ? store.types() : [...plan.types].sort();
  const views = types.map((type) => (ids === undefined ? store.currentsByTime(type) : ofIds(store, type, ids)));
  for (const version of walk(views, plan.window, order, after)) {
    if (version.deleted) continue;
    if (criteria.length > 0) {
      // Criteria never look at version and date: the text need not be rendered first.
      const resource = JSON.parse(version.json) as JsonObject;
      if (!criteria.every((holds) => holds(resource))) continue;
    }
    yield version;
  }
}

function ofIds(store: TimeOrderedStore, type: string, ids: ReadonlySet<string>): readonly StoredVersion[] {
  const found = [...ids].map((id) => store.current(type, id)).filter((version) => version !== undefined);
  return found.sort(byTime);
}

function pageOf(plan: SearchPlan, around: ListingSurroundings): Page {
  const { place, sorting } = plan;
  const limit = pageLimit(around.flavour, plan.count, place.page);
  if (sorting.kind === 'value') {
    const found = [...matches(plan, around.store, undefined)].map((version) => ({
      version,
      key: sortKey(sorting.definition, parsed(version)),
    }));
    found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) * (sorting.descending ? -1 : 1));
    const offset = place.offset + limit;
    const versions = found.slice(place.offset, offset).map(({ version }) => version);
    return { versions, next: offset < found.length ? { page: place.page + 1, after: undefined, offset } : undefined };
  }
  const versions: StoredVersion[] = [];
  for (const version of matches(plan, around.store, place.after)) {
    if (versions.length === limit) {
      const after = versions.at(-1) ?? place.after;
      return { versions, next: { page: place.page + 1, after, offset: 0 } };
    }
    versions.push(version);
  }
  return { versions, next: undefined };
}

/**
 * How many entries a page gets. Pages of gen1 may be short or even empty and still have a next page, because the data
 * store ends them by cost; here every third page is short and every seventh is empty, so that clients meet both.
 */
function pageLimit(flavour: Flavour, count: number, page: number): number {
  if (flavour !== 'azureApiForFhir' || page === 0) return count;
  if (page % 7 === 5) return 0;
  return page % 3 === 1 ? Math.max(1, Math.floor(count / 2)) : count;
}
