import { badRequest } from '../outcome.ts';
import { isObject } from '../resourceText.ts';
import { splitPrefix, type Prefix } from './dates.ts';
import type { Item } from './evaluate.ts';

/** Matcher of numbers. @throws FhirError 400 when the value is not a number */
export function matchesNumber(value: string): (item: Item) => boolean {
  const holds = comparison(value);
  return ({ value: found }) => typeof found === 'number' && holds(found);
}

/** Matcher of quantities: `value`, `value||code` or `value|system|code`. @throws FhirError 400 as `matchesNumber` */
export function matchesQuantity(value: string): (item: Item) => boolean {
  const [number = '', system = '', code = '', ...rest] = value.split('|');
  if (rest.length > 0) throw badRequest('No more than two token separators can be specified.');
  const holds = comparison(number);
  return ({ value: found }) =>
    isObject(found) &&
    typeof found.value === 'number' &&
    holds(found.value) &&
    (system === '' || found.system === system) &&
    (code === '' || found.code === code || found.unit === code);
}

function comparison(text: string): (found: number) => boolean {
  const [prefix, digits] = splitPrefix(text);
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(digits)) throw badRequest(`Malformed search value '${digits}'.`);
  const asked = Number(digits);
  const decimals = /\.(\d+)/.exec(digits)?.[1]?.length ?? 0;
  const half = 0.5 * 10 ** -decimals;
  return (found) => numberHolds(prefix, found, asked, half);
}

function numberHolds(prefix: Prefix, found: number, asked: number, half: number): boolean {
  switch (prefix) {
    case 'eq':
      return found >= asked - half && found < asked + half;
    case 'ne':
      return found < asked - half || found >= asked + half;
    case 'gt':
    case 'sa':
      return found > asked;
    case 'lt':
    case 'eb':
      return found < asked;
    case 'ge':
      return found >= asked;
    case 'le':
      return found <= asked;
    case 'ap':
      return Math.abs(found - asked) <= Math.max(half, Math.abs(asked) * 0.1);
  }
}
