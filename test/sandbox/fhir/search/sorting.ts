import type { Flavour } from '../../contract.ts';
import type { ParameterDefinition } from '../parameters/definitions.ts';
import type { ParameterRegistry } from '../parameters/registry.ts';
import type { JsonObject } from '../resourceText.ts';
import { pathOf } from './criteria.ts';
import { evaluate } from './evaluate.ts';
import type { Order } from './window.ts';

/** The order of a search: by time inside the store, or by a parameter's value. */
export type Sorting =
  | { readonly kind: 'time'; readonly order: Order }
  | { readonly kind: 'value'; readonly definition: ParameterDefinition; readonly descending: boolean };

/** Parameters that gen1 sorts by. Microsoft Learn, healthcare-apis: overview-of-search, _sort. */
const sortableOnGen1: ReadonlySet<string> = new Set(
  'birthdate date abatement-date onset-date issued created started authoredon'.split(' '),
);

/** Reads `_sort`; what cannot be sorted by is a problem and leaves the default order. */
export function sortingOf(
  sort: string | undefined,
  around: { readonly registry: ParameterRegistry; readonly flavour: Flavour },
  types: readonly string[],
): { readonly sorting: Sorting; readonly problems: readonly string[] } {
  const byType: Sorting = { kind: 'time', order: 'byType' };
  if (sort === undefined) return { sorting: byType, problems: [] };
  const keys = sort.split(',');
  const names = keys.map((key) => key.replace(/^-/, ''));
  const descending = keys[0]?.startsWith('-') === true;
  const [name = ''] = names;
  if (names.length > 1) {
    const oneDirection = keys.every((key) => key.startsWith('-') === descending);
    const allowed = around.flavour !== 'azureApiForFhir' && names.join() === '_type,_lastUpdated' && oneDirection;
    if (allowed && !descending) return { sorting: byType, problems: [] };
    const problem = 'Multiple sort parameters are currently not supported. Only a single sort parameter is supported.';
    return { sorting: byType, problems: [problem] };
  }
  if (name === '_lastUpdated') {
    return { sorting: { kind: 'time', order: descending ? 'descending' : 'ascending' }, problems: [] };
  }
  const definition = around.registry.searchable(types[0] ?? 'DomainResource', name, false);
  if (definition === undefined) {
    const valid = `must be a subset of valid search parameters for resource type '${types.join(', ')}'`;
    return { sorting: byType, problems: [`Sort parameter value '${name}' is invalid, ${valid}.`] };
  }
  const sortable =
    around.flavour === 'azureApiForFhir'
      ? sortableOnGen1.has(name)
      : definition.type === 'date' || definition.type === 'string';
  if (!sortable || definition.expression === undefined) {
    return { sorting: byType, problems: [`Sorting by the '${name}' parameter is not supported.`] };
  }
  return { sorting: { kind: 'value', definition, descending }, problems: [] };
}

/** The value by which a resource is sorted; the empty text stands for none. */
export function sortKey(definition: ParameterDefinition, resource: JsonObject): string {
  if (definition.expression === undefined) return '';
  const keys = evaluate(pathOf(definition.expression), resource).map(({ value }) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return keys.sort()[0] ?? '';
}
