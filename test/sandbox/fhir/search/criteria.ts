import type { ParameterDefinition } from '../parameters/definitions.ts';
import { badRequest } from '../outcome.ts';
import type { JsonObject } from '../resourceText.ts';
import { evaluate, evaluateOn, type Item } from './evaluate.ts';
import { parsePath, type PathNode } from './fhirPath.ts';
import { matcherOf, searchTypes, splitUnescaped, type SearchType, type ValueMatcher } from './matchers.ts';

/** Tells whether a resource, with id and meta, fits one parameter of a search. */
export type Criterion = (resource: JsonObject) => boolean;

const parsedPaths = new Map<string, PathNode>();

/** Parses an expression once. @throws PathError */
export function pathOf(expression: string): PathNode {
  let node = parsedPaths.get(expression);
  if (node === undefined) {
    node = parsePath(expression);
    parsedPaths.set(expression, node);
  }
  return node;
}

/** The type of a parameter when searches can use it. */
export function searchTypeOf(definition: ParameterDefinition): SearchType | undefined {
  return searchTypes.find((type) => type === definition.type);
}

/**
 * One parameter of a search.
 * @param component finds the definition of a composite parameter's part
 * @throws FhirError 400 or 403 when value or modifier cannot be used
 */
export function criterionOf(
  definition: ParameterDefinition,
  modifier: string | undefined,
  value: string,
  base: string,
  component: (url: string) => ParameterDefinition | undefined,
): Criterion {
  const type = searchTypeOf(definition);
  if (type === undefined || definition.expression === undefined) return () => false;
  const path = pathOf(definition.expression);
  if (modifier === 'missing') {
    if (value !== 'true' && value !== 'false') {
      throw badRequest('Invalid value for :missing modifier. Valid values are: true, false.');
    }
    return (resource) => (evaluate(path, resource).length === 0) === (value === 'true');
  }
  const alternatives = splitUnescaped(value, ',').map((alternative) =>
    type === 'composite'
      ? compositeMatcher(definition, alternative, base, component)
      : withRoot(matcherOf(type, definition.code, modifier, alternative, base)),
  );
  const matches: Criterion = (resource) => {
    const items = evaluate(path, resource);
    return alternatives.some((holds) => items.some((item) => holds(item, resource)));
  };
  return modifier === 'not' ? (resource) => !matches(resource) : matches;
}

type RootedMatcher = (item: Item, root: JsonObject) => boolean;

function withRoot(matcher: ValueMatcher): RootedMatcher {
  return (item) => matcher(item);
}

function compositeMatcher(
  definition: ParameterDefinition,
  value: string,
  base: string,
  component: (url: string) => ParameterDefinition | undefined,
): RootedMatcher {
  const values = splitUnescaped(value, '$');
  if (values.length !== definition.components.length) {
    const text = `The number of composite components specified for search parameter '${definition.code}' exceeded the number of components defined.`;
    throw badRequest(values.length === 1 ? 'The composite separator cannot be found.' : text);
  }
  const parts = definition.components.map((part, index) => {
    const type = searchTypeOf(component(part.definition) ?? definition);
    const matcher: ValueMatcher =
      type === undefined ? () => false : matcherOf(type, definition.code, undefined, values[index] ?? '', base);
    return { path: pathOf(part.expression), matcher };
  });
  return (item, root) => parts.every(({ path, matcher }) => evaluateOn(path, item, root).some(matcher));
}
