/*
 * What a value from a journal has to be, field by field. A journal in a staging account can be written by others, so
 * nothing of it is believed. Closures instead of schemas of a library: a journal of a million records is checked when it
 * is opened, and these take a tenth of the time that parsing its JSON takes.
 */

export type Shape<T> = (value: unknown) => value is T;

/** The shape of every field. Fields that are not named are refused: they are no part of any version. */
export type Fields<T> = { readonly [Name in keyof T]-?: Shape<T[Name]> };

/** An object with these fields and no others. */
export function fields<T>(shapes: Fields<T>): Shape<T> {
  const entries = Object.entries<Shape<unknown>>(shapes);
  return (value): value is T => {
    if (!isRecord(value)) return false;
    let present = 0;
    for (const [name, fits] of entries) {
      const field = value[name];
      if (field !== undefined || Object.hasOwn(value, name)) present += 1;
      if (!fits(field)) return false;
    }
    return Object.keys(value).length === present;
  };
}

/** Name of the first field that does not fit or is not known; undefined when all fit. */
export function wrongField(shapes: Readonly<Record<string, Shape<unknown>>>, value: object): string | undefined {
  for (const [name, fits] of Object.entries(shapes)) if (!fits((value as Record<string, unknown>)[name])) return name;
  return Object.keys(value).find((name) => !Object.hasOwn(shapes, name));
}

export function maybe<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value): value is T | undefined => value === undefined || shape(value);
}

export function list<T>(shape: Shape<T>, most: number): Shape<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.length <= most && value.every(shape);
}

/** An object used as a table. Names that every object inherits are refused: reading them would give something else. */
export function table<T>(name: RegExp, shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> =>
    isRecord(value) && Object.entries(value).every(([key, item]) => name.test(key) && !(key in {}) && shape(item));
}

export function oneOf<T extends string>(...words: readonly T[]): Shape<T> {
  const known = new Set<unknown>(words);
  return (value): value is T => known.has(value);
}

/** Text of one of these forms; `T` is the brand that the form gives it. */
export function form<T extends string>(pattern: RegExp): Shape<T> {
  return (value): value is T => typeof value === 'string' && pattern.test(value);
}

export function text(most: number): Shape<string> {
  return (value): value is string => typeof value === 'string' && value.length <= most;
}

export const flag: Shape<boolean> = (value): value is boolean => typeof value === 'boolean';

/** A whole number of something. */
export const count: Shape<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Any number that JSON can hold. */
export const amount: Shape<number> = (value): value is number => Number.isFinite(value);

/** Milliseconds since 1970 that a Date can hold. */
export const instant: Shape<number> = (value): value is number =>
  typeof value === 'number' && Math.abs(value) <= 8_640_000_000_000_000;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
