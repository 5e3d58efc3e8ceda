import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { typeFilter } from '../../engine/plan.ts';

const datePattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** What is wrong with a typed bound of the date range; empty text means no bound. */
export function boundProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || (datePattern.test(trimmed) && !Number.isNaN(Date.parse(trimmed)))) return undefined;
  return l10n.t('A date such as 2024-05-01, a date and time with a zone such as 2024-05-01T00:00:00Z, or nothing.');
}

/** What is wrong with the end of a range, given its start. */
export function tillProblem(since: string | undefined, text: string): string | undefined {
  const problem = boundProblem(text);
  if (problem !== undefined) return problem;
  const trimmed = text.trim();
  if (trimmed === '') {
    return since === undefined ? l10n.t('Give at least a start or an end; go back to move everything.') : undefined;
  }
  if (since !== undefined && Date.parse(since) >= Date.parse(trimmed)) {
    return l10n.t('The end must be later than the start, {0}.', since);
  }
  return undefined;
}

/** Resource types in a text separated by commas or spaces. */
export function typesOf(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((type) => type !== ''))];
}

/** What is wrong with a typed list of resource types. */
export function typesProblem(text: string): string | undefined {
  const types = typesOf(text);
  if (types.length === 0) return l10n.t('At least one resource type, for example Patient, Observation.');
  const wrong = types.find((type) => !/^[A-Z][A-Za-z]{1,63}$/.test(type));
  if (wrong !== undefined) return l10n.t('{0} is not a resource type.', wrong);
  if (types.includes('SearchParameter')) {
    return l10n.t('Search parameters are copied by themselves; an import refuses them.');
  }
  return undefined;
}

/** What is wrong with the name of a migration. */
export function nameProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return l10n.t('A name for the migration.');
  return trimmed.length > 120 ? l10n.t('At most 120 characters.') : undefined;
}

/** Searches in a text separated by spaces. */
export function filtersOf(text: string): readonly string[] {
  return [...new Set(text.split(/\s+/).filter((filter) => filter !== ''))];
}

/** What is wrong with typed searches of these types, as a plan names them. */
export function filtersProblem(text: string, types: readonly string[]): string | undefined {
  const filters = filtersOf(text);
  if (filters.length === 0) return l10n.t('At least one search, for example Observation?status=final');
  for (const filter of filters) {
    const type = filter.split('?', 1)[0] ?? '';
    if (!v.is(typeFilter, filter))
      return l10n.t('{0} is not a type and a search, for example Observation?status=final', filter);
    if (!types.includes(type)) return l10n.t('{0} is not among the types that are moved: {1}', type, types.join(', '));
  }
  return undefined;
}
