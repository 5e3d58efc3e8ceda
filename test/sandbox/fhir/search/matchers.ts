import { badRequest, fhirError } from '../outcome.ts';
import { isObject } from '../resourceText.ts';
import type { Item } from './evaluate.ts';
import { matchesDate } from './dates.ts';
import { matchesNumber, matchesQuantity } from './numbers.ts';

/** Types of search parameters that can be evaluated. */
export const searchTypes = ['token', 'string', 'reference', 'date', 'number', 'quantity', 'uri', 'composite'] as const;
export type SearchType = (typeof searchTypes)[number];

/** Types that only one value of a parameter with alternatives must match. */
export type ValueMatcher = (item: Item) => boolean;

const modifiersOf: Readonly<Record<SearchType, readonly string[]>> = {
  token: ['not', 'text'],
  string: ['exact', 'contains'],
  reference: [],
  date: [],
  number: [],
  quantity: [],
  uri: ['below', 'above'],
  composite: [],
};

/**
 * Matcher for one alternative of a parameter's value.
 * @throws FhirError 400 when the value cannot be read, 403 when the modifier is not supported
 */
export function matcherOf(
  type: SearchType,
  code: string,
  modifier: string | undefined,
  value: string,
  base: string,
): ValueMatcher {
  const typed = type === 'reference' && modifier !== undefined && /^[A-Z]/.test(modifier);
  if (modifier !== undefined && !typed && !modifiersOf[type].includes(modifier)) {
    throw fhirError(403, 'invalid', `Modifier '${modifier}' is not supported for search parameter '${code}'.`);
  }
  switch (type) {
    case 'token':
      return modifier === 'text' ? textMatcher(value) : tokenMatcher(value);
    case 'string':
      return stringMatcher(unescaped(value), modifier);
    case 'reference':
      return referenceMatcher(typed ? `${modifier}/${value}` : value, base);
    case 'uri':
      return uriMatcher(value, modifier);
    case 'date':
      return matchesDate(value);
    case 'number':
      return matchesNumber(value);
    case 'quantity':
      return matchesQuantity(value);
    case 'composite':
      throw badRequest('The composite separator cannot be found.');
  }
}

/** Splits at a separator that no backslash precedes. */
export function splitUnescaped(text: string, separator: ',' | '|' | '$'): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\' && at + 1 < text.length) {
      part += character + text.charAt(at + 1);
      at += 1;
    } else if (character === separator) {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  return [...parts, part];
}

function unescaped(text: string): string {
  return text.replace(/\\([,|$\\])/g, '$1');
}

interface Coded {
  readonly system: string | undefined;
  readonly code: string | undefined;
}

function tokenMatcher(value: string): ValueMatcher {
  const parts = splitUnescaped(value, '|').map(unescaped);
  if (parts.length > 2) throw badRequest('Only one token separator can be specified.');
  const [first = '', second] = parts;
  if (second === undefined) return (item) => codesOf(item).some(({ code }) => code === first);
  return (item) =>
    codesOf(item).some(
      ({ system, code }) =>
        (first === '' ? system === undefined : system === first) && (second === '' || code === second),
    );
}

function codesOf({ value }: Item): readonly Coded[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return [{ system: undefined, code: String(value) }];
  }
  if (!isObject(value)) return [];
  if (Array.isArray(value.coding)) return (value.coding as unknown[]).flatMap((coding) => codesOf({ value: coding }));
  return [{ system: text(value.system), code: text(value.code) ?? text(value.value) }];
}

function textMatcher(value: string): ValueMatcher {
  const wanted = folded(unescaped(value));
  const texts = ({ value: found }: Item): readonly string[] => {
    if (!isObject(found)) return [];
    const codings = Array.isArray(found.coding) ? (found.coding as unknown[]) : [found];
    const displays = codings.flatMap((coding) => (isObject(coding) ? [text(coding.display)] : []));
    const type = isObject(found.type) ? text(found.type.text) : undefined;
    return [text(found.text), type, ...displays].filter((one) => one !== undefined);
  };
  return (item) => texts(item).some((one) => folded(one).startsWith(wanted));
}

function stringMatcher(value: string, modifier: string | undefined): ValueMatcher {
  if (modifier === 'exact') return (item) => stringsOf(item).includes(value);
  const wanted = folded(value);
  if (modifier === 'contains') return (item) => stringsOf(item).some((one) => folded(one).includes(wanted));
  return (item) => stringsOf(item).some((one) => folded(one).startsWith(wanted));
}

/** Every text inside a HumanName or an Address counts; system and use of them do not. */
function stringsOf({ value }: Item): readonly string[] {
  if (typeof value === 'string') return [value];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    if (key === 'use' || key === 'period' || key === 'type') return [];
    return (Array.isArray(part) ? (part as unknown[]) : [part]).filter((one) => typeof one === 'string');
  });
}

/** Without case and accents. */
function folded(value: string): string {
  return value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function referenceMatcher(value: string, base: string): ValueMatcher {
  const wanted = relative(unescaped(value), base);
  const matches = (reference: string): boolean => {
    const found = relative(reference, base);
    return (
      found === wanted || (!wanted.includes('/') && /^[A-Za-z]+\/[^/]+$/.test(found) && found.endsWith(`/${wanted}`))
    );
  };
  return ({ value: found }) => {
    const reference = typeof found === 'string' ? found : isObject(found) ? text(found.reference) : undefined;
    return reference !== undefined && matches(reference);
  };
}

function relative(reference: string, base: string): string {
  const own = reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference;
  return own.replace(/\/_history\/[^/]+$/, '');
}

function uriMatcher(value: string, modifier: string | undefined): ValueMatcher {
  const wanted = unescaped(value);
  return ({ value: found }) => {
    if (typeof found !== 'string') return false;
    if (modifier === 'below') return found.startsWith(wanted);
    if (modifier === 'above') return wanted.startsWith(found);
    return found === wanted;
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
