import { dependenciesFirst } from './dependencyOrder.ts';
import type { SearchParameterSource } from './searchParameters.ts';

/** Components of a composite parameter before it, because servers refuse a composite whose parts they do not know. */
export function inWritingOrder(parameters: readonly SearchParameterSource[]): readonly SearchParameterSource[] {
  return dependenciesFirst(parameters, ({ url }) => url, componentsOf);
}

function componentsOf({ resource }: SearchParameterSource): readonly string[] {
  const { component } = resource;
  if (!Array.isArray(component)) return [];
  return component.flatMap((part: unknown) =>
    typeof part === 'object' && part !== null && 'definition' in part && typeof part.definition === 'string'
      ? [part.definition]
      : [],
  );
}
