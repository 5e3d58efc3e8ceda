import type { FhirServiceContext, TypeFilter } from '../../fhir/operations.ts';
import { badRequest } from '../../fhir/outcome.ts';

/** One segment of `_typeFilter`. */
export interface ExportFilter {
  readonly type: string;
  readonly matches: TypeFilter['matches'];
}

/**
 * Parses `Type?param=value&…,Type?…`.
 * @param strict refuse parameters that the service does not know; without it they are left out
 * @throws FhirError 400
 */
export function parseTypeFilters(text: string, context: FhirServiceContext, strict: boolean): readonly ExportFilter[] {
  const unsupported: string[] = [];
  const filters = text.split(',').map((segment) => {
    const mark = segment.indexOf('?');
    const parts = segment.slice(mark + 1).split('&');
    if (mark < 0 || mark === segment.length - 1 || parts.some((part) => part.split('=').length !== 2)) {
      throw badRequest(`The _typeFilter segment '${segment}' could not be parsed.`);
    }
    const type = segment.slice(0, mark);
    const filter = context.typeFilter(type, new URLSearchParams(parts.join('&')));
    for (const parameter of filter.unsupported) unsupported.push(`[type: ${type}, parameter: ${parameter}]`);
    return { type, matches: (version) => filter.matches(version) } satisfies ExportFilter;
  });
  if (strict && unsupported.length > 0) {
    throw badRequest(`${unsupported.length} invalid search parameter(s) found:\n${unsupported.join('\n')}\n`);
  }
  return filters;
}
