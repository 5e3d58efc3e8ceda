import { driftText, sameValue, type Drift } from './drift.ts';

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

/**
 * The true differences of two parsed CapabilityStatements: order never counts, an entry that differs is named by its
 * key, and what names the service itself (addresses, dates) is set aside. Linear in the size of the statements.
 */
export function statementDrift(source: unknown, target: unknown): readonly Drift[] {
  const found: Drift[] = [];
  const [left, right] = [fields(source), fields(target)];
  compareFields(['statement'], left, right, found);
  const [leftRest, rightRest] = [fields(first(left.rest)), fields(first(right.rest))];
  compareFields(['server'], leftRest, rightRest, found);
  const [leftTypes, rightTypes] = [byKey(leftRest.resource, 'type'), byKey(rightRest.resource, 'type')];
  eachPair(leftTypes, rightTypes, (type, a, b) => {
    if (a === undefined || b === undefined) push(found, [type, 'resource type'], a && type, b && type);
    else compareFields([type], fields(a), fields(b), found);
  });
  return found;
}

function compareFields(path: readonly string[], source: Fields, target: Fields, found: Drift[]): void {
  for (const name of new Set([...Object.keys(source), ...Object.keys(target)])) {
    if (volatile.has(name) || (path.length === 1 && name === 'type')) continue;
    const [a, b] = [source[name], target[name]];
    const keyed = keyedLists[name];
    const set = sets[name];
    if (keyed !== undefined) {
      eachPair(byKey(a, keyed[1]), byKey(b, keyed[1]), (key, x, y) => {
        if (!sameMeaning(x, y)) push(found, [...path, keyed[0], key], x, y);
      });
    } else if (set !== undefined) {
      eachPair(bySelf(a), bySelf(b), (key, x, y) => {
        if (x === undefined || y === undefined) push(found, [...path, set, key], x, y);
      });
    } else if (!sameValue(stripAddresses(name, a), stripAddresses(name, b))) push(found, [...path, name], a, b);
  }
}

/** An operation's definition is an address on the service itself: only its last segment means something. */
const stripAddresses = (name: string, value: unknown): unknown =>
  name === 'definition' && typeof value === 'string'
    ? value.replace(/^https?:\/\/.*\/(?=OperationDefinition\/)/, '')
    : value;

function sameMeaning(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return false;
  const [left, right] = [fields(a), fields(b)];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  names.delete('documentation');
  for (const name of names) {
    if (!sameValue(stripAddresses(name, left[name]), stripAddresses(name, right[name]))) return false;
  }
  return true;
}

function eachPair<T>(
  source: ReadonlyMap<string, T>,
  target: ReadonlyMap<string, T>,
  visit: (key: string, source: T | undefined, target: T | undefined) => void,
): void {
  for (const [key, value] of source) visit(key, value, target.get(key));
  for (const [key, value] of target) if (!source.has(key)) visit(key, undefined, value);
}

function push(found: Drift[], path: readonly string[], source: unknown, target: unknown): void {
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
const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

function byKey(value: unknown, key: string): ReadonlyMap<string, unknown> {
  const map = new Map<string, unknown>();
  for (const item of items(value)) {
    const name = fields(item)[key];
    if (typeof name === 'string') map.set(name, item);
  }
  return map;
}

function bySelf(value: unknown): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const item of items(value)) map.set(typeof item === 'string' ? item : driftText(item), '');
  return new Map([...map.keys()].map((text) => [text, text]));
}
