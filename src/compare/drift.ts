/** How one setting, interaction, parameter or profile differs between source and target. */
export interface Drift {
  /** What it is about, from the general to the particular, for example `['Patient', 'search parameter', 'birthdate']`. */
  readonly path: readonly string[];
  readonly kind: 'missingOnTarget' | 'onlyOnTarget' | 'different';
  /** As text; undefined where that side has nothing. */
  readonly source: string | undefined;
  readonly target: string | undefined;
}

/** A value as shown: texts as they are, everything else as JSON with sorted keys. */
export function driftText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** Equal by meaning: the order of keys does not count, the order of arrays does. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  if (Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]));
}
