import { isDeepStrictEqual } from 'node:util';

/** A resource as ARM has it: raw JSON, unknown keys included. */
export type ResourceJson = Readonly<Record<string, unknown>>;

/** One value of a resource: where it is in the JSON, and what it is; undefined: it is not there. */
export interface Edit {
  readonly path: readonly string[];
  readonly value: unknown;
}

const isFields = (value: unknown): value is ResourceJson =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path; undefined when any part of it is missing. */
export function valueAt(resource: ResourceJson, path: readonly string[]): unknown {
  let value: unknown = resource;
  for (const key of path) {
    if (!isFields(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** The resource with values changed; what is not named stays as it is, whatever it means. */
export const edited = (resource: ResourceJson, edits: readonly Edit[]): ResourceJson =>
  edits.reduce<ResourceJson>((changed, { path, value }) => withValue(changed, path, value), resource);

function withValue(resource: ResourceJson, path: readonly string[], value: unknown): ResourceJson {
  const [key, ...rest] = path;
  if (key === undefined) return resource;
  if (rest.length === 0 && value === undefined)
    return Object.fromEntries(Object.entries(resource).filter(([name]) => name !== key));
  if (rest.length === 0) return { ...resource, [key]: value };
  const below = resource[key];
  if (!isFields(below) && value === undefined) return resource;
  return { ...resource, [key]: withValue(isFields(below) ? below : {}, rest, value) };
}

/** What puts back the values that edits change: the same paths with the values of now. */
export const valuesNow = (resource: ResourceJson, edits: readonly Edit[]): readonly Edit[] =>
  edits.map(({ path }) => ({ path, value: valueAt(resource, path) }));

/** Null, an empty list and nothing mean the same to ARM: what was never set comes back as one or the other. */
const settled = (value: unknown): unknown => {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => settled(item) ?? null);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const kept = settled(item);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

/** True when both mean the same to ARM; the order of keys does not count. */
export const sameSetting = (a: unknown, b: unknown): boolean => isDeepStrictEqual(settled(a), settled(b));

/** Paths of edits whose values the resource does not have. */
export const notHeld = (resource: ResourceJson, edits: readonly Edit[]): readonly (readonly string[])[] =>
  edits.filter(({ path, value }) => !sameSetting(valueAt(resource, path), value)).map(({ path }) => path);
