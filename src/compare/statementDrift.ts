import { driftText, sameValue, type Drift } from './drift.ts';
import { stableOrder } from './stableOrder.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Lists of objects in a CapabilityStatement, with the field that tells their entries apart. */
const keyedLists: Readonly<Record<string, readonly [words: string, key: string]>> = {
  interaction: ['interaction', 'code'],
  searchParam: ['search parameter', 'name'],
  operation: ['operation', 'name'],
};

/** Lists of texts whose order means nothing. */
const sets: Readonly<Record<string, string>> = {
  searchInclude: 'include',
  searchRevInclude: 'reverse include',
  supportedProfile: 'profile',
  format: 'format',
  patchFormat: 'patch format',
  implementationGuide: 'implementation guide',
  referencePolicy: 'reference policy',
  compartment: 'compartment',
};

/** Differs between any two services or from day to day, and says nothing about what they can do. */
const volatile: ReadonlySet<string> = new Set([
  'id',
  'meta',
  'url',
  'date',
  'text',
  'resource',
  'rest',
  'documentation',
]);

/** Base addresses of the two services: below them, an address means the same on both. */
export interface OwnAddresses {
  readonly source: string;
  readonly target: string;
}

interface Reading {
  readonly found: Drift[];
  readonly own: OwnAddresses | undefined;
}

/**
 * The true differences of two parsed CapabilityStatements: order never counts, an entry that differs is named by its
 * key, and what names the service itself (addresses, dates) is set aside. Linear in the size of the statements.
 */
export function statementDrift(source: unknown, target: unknown, own?: OwnAddresses): readonly Drift[] {
  const reading: Reading = { found: [], own };
  const [left, right] = [fields(source), fields(target)];
  compareFields(['statement'], left, right, reading);
  const [leftRest, rightRest] = [fields(first(left.rest)), fields(first(right.rest))];
  compareFields(['server'], leftRest, rightRest, reading);
  eachPair(leftRest.resource, rightRest.resource, nameBy('type'), (type, a, b) => {
    if (a === undefined || b === undefined) push(reading, [type, 'resource type'], a && type, b && type);
    else compareFields([type], fields(a), fields(b), reading);
  });
  return reading.found;
}

function compareFields(path: readonly string[], source: Fields, target: Fields, reading: Reading): void {
  for (const name of new Set([...Object.keys(source), ...Object.keys(target)])) {
    if (volatile.has(name) || (path.length === 1 && name === 'type')) continue;
    const [a, b] = [source[name], target[name]];
    const keyed = keyedLists[name];
    const set = sets[name];
    if (keyed !== undefined) {
      eachPair(a, b, nameBy(keyed[1]), (key, x, y) => {
        if (x === undefined || y === undefined || !sameMeaning(x, y)) push(reading, [...path, keyed[0], key], x, y);
      });
    } else if (set !== undefined) {
      eachPair(a, b, selfName, (key, x, y) => {
        if (x === undefined || y === undefined) push(reading, [...path, set, key], x, y);
      });
    } else if (!sameValue(a, b) && !sameInAnyOrder(a, b, reading.own)) push(reading, [...path, name], a, b);
  }
}

/** Slow, so only for what is not plainly equal: lists of a statement mean nothing by their order. */
function sameInAnyOrder(a: unknown, b: unknown, own: OwnAddresses | undefined): boolean {
  const text = (value: unknown, base: string | undefined): string => {
    const prefix = base?.replace(/\/+$/, '');
    const change = (one: string): string =>
      prefix !== undefined && (one === prefix || one.startsWith(`${prefix}/`))
        ? `{service}${one.slice(prefix.length)}`
        : one;
    return JSON.stringify(stableOrder(value, change));
  };
  return a !== undefined && b !== undefined && text(a, own?.source) === text(b, own?.target);
}

/** An operation's definition is an address on the service itself: only its last segment means something. */
const stripAddresses = (name: string, value: unknown): unknown =>
  name === 'definition' && typeof value === 'string' && value.includes('/OperationDefinition/')
    ? value.replace(/^https?:\/\/.*\/(?=OperationDefinition\/)/, '')
    : value;

function sameMeaning(a: unknown, b: unknown): boolean {
  const [left, right] = [fields(a), fields(b)];
  for (const name in left) {
    if (name === 'documentation' || left[name] === right[name]) continue;
    if (!sameValue(stripAddresses(name, left[name]), stripAddresses(name, right[name]))) return false;
  }
  for (const name in right) if (name !== 'documentation' && !(name in left)) return false;
  return true;
}

type NameOf = (item: unknown) => string | undefined;

const nameBy =
  (key: string): NameOf =>
  (item) => {
    const name = typeof item === 'object' && item !== null ? (item as Fields)[key] : undefined;
    return typeof name === 'string' ? name : undefined;
  };

const selfName: NameOf = (item) => (typeof item === 'string' ? item : driftText(item));

/** Visits what the two lists have under the same name, and what only one of them has; a name counts once. */
function eachPair(
  source: unknown,
  target: unknown,
  nameOf: NameOf,
  visit: (name: string, source: unknown, target: unknown) => void,
): void {
  const [left, right] = [byName(source, nameOf), byName(target, nameOf)];
  let shared = 0;
  for (const [name, item] of left) {
    const other = right.get(name);
    if (other !== undefined) shared += 1;
    visit(name, item, other);
  }
  if (shared < right.size) for (const [name, item] of right) if (!left.has(name)) visit(name, undefined, item);
}

function push({ found }: Reading, path: readonly string[], source: unknown, target: unknown): void {
  found.push({
    path,
    kind: target === undefined ? 'missingOnTarget' : source === undefined ? 'onlyOnTarget' : 'different',
    source: source === undefined ? undefined : driftText(source),
    target: target === undefined ? undefined : driftText(target),
  });
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const first = (value: unknown): unknown => (Array.isArray(value) ? (value as unknown[])[0] : undefined);

function byName(value: unknown, nameOf: NameOf): ReadonlyMap<string, unknown> {
  const map = new Map<string, unknown>();
  if (Array.isArray(value))
    for (const item of value as readonly unknown[]) {
      const name = nameOf(item);
      if (name !== undefined) map.set(name, item);
    }
  return map;
}
