import type { SearchParameterSource } from './searchParameters.ts';

/** Components of a composite parameter before it, because servers refuse a composite whose parts they do not know. */
export function inWritingOrder(parameters: readonly SearchParameterSource[]): readonly SearchParameterSource[] {
  const byUrl = new Map(parameters.map((parameter) => [parameter.url, parameter]));
  const ordered = new Set<SearchParameterSource>();
  const visiting = new Set<string>();
  const visit = (parameter: SearchParameterSource): void => {
    if (ordered.has(parameter) || visiting.has(parameter.url)) return;
    visiting.add(parameter.url);
    for (const url of componentsOf(parameter)) {
      const component = byUrl.get(url);
      if (component !== undefined) visit(component);
    }
    ordered.add(parameter);
  };
  for (const parameter of parameters) visit(parameter);
  return [...ordered];
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
