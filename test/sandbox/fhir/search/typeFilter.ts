import type { TypeFilter } from '../operations.ts';
import { parsed } from '../resourceText.ts';
import { planSearch, type SearchSurroundings } from './query.ts';
import { inWindow } from './window.ts';

/** The filter of one `_typeFilter` segment. @throws FhirError for values that cannot be read */
export function typeFilter(type: string, query: URLSearchParams, around: SearchSurroundings): TypeFilter {
  const plan = planSearch(type, [...query], { ...around, strict: false });
  const understood = new Set(plan.understood.map(([name]) => name));
  return {
    unsupported: [...query.keys()].filter((name) => !understood.has(name)),
    matches(version) {
      if (plan.ids?.has(version.id) === false || !inWindow(plan.window, version)) return false;
      if (plan.criteria.length === 0) return true;
      const resource = parsed(version);
      return plan.criteria.every((holds) => holds(resource));
    },
  };
}
