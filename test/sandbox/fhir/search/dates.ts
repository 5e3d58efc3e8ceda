import { parseInstantRange, type InstantRange } from '../instant.ts';
import { badRequest } from '../outcome.ts';
import { isObject } from '../resourceText.ts';
import type { Item } from './evaluate.ts';

/** Comparisons that may stand before a date, a number or a quantity. */
export const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof prefixes)[number];

/** Separates the comparison from the value; without one it is `eq`. */
export function splitPrefix(text: string): readonly [Prefix, string] {
  const prefix = prefixes.find((candidate) => text.startsWith(candidate));
  return prefix === undefined ? ['eq', text] : [prefix, text.slice(2)];
}

/** A date criterion as comparison and interval. @throws FhirError 400 when the date cannot be read */
export function parseDateCriterion(text: string): readonly [Prefix, InstantRange] {
  const [prefix, date] = splitPrefix(text);
  const range = parseInstantRange(date);
  if (range === undefined) throw badRequest(`The date time string '${date}' is not in a correct format.`);
  return [prefix, range];
}

/** Compares intervals, both half open. */
export function dateHolds(prefix: Prefix, found: InstantRange, asked: InstantRange): boolean {
  switch (prefix) {
    case 'eq':
      return found.start >= asked.start && found.end <= asked.end;
    case 'ne':
      return found.start < asked.start || found.end > asked.end;
    case 'gt':
      return found.end > asked.end;
    case 'lt':
      return found.start < asked.start;
    case 'ge':
      return found.end > asked.start;
    case 'le':
      return found.start < asked.end;
    case 'sa':
      return found.start >= asked.end;
    case 'eb':
      return found.end <= asked.start;
    case 'ap':
      return found.start < asked.end && found.end > asked.start;
  }
}

/** Matcher of dates, times, periods and timings. */
export function matchesDate(value: string): (item: Item) => boolean {
  const [prefix, asked] = parseDateCriterion(value);
  return (item) => rangesOf(item.value).some((found) => dateHolds(prefix, found, asked));
}

function rangesOf(value: unknown): readonly InstantRange[] {
  if (typeof value === 'string') {
    const range = parseInstantRange(value);
    return range === undefined ? [] : [range];
  }
  if (!isObject(value)) return [];
  if (Array.isArray(value.event)) return (value.event as unknown[]).flatMap(rangesOf);
  const [start] = rangesOf(value.start);
  const [end] = rangesOf(value.end);
  if (start === undefined && end === undefined) return [];
  return [{ start: start?.start ?? -Infinity, end: end?.end ?? Infinity }];
}
