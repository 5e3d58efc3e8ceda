import { dependenciesFirst } from '../fhir/dependencyOrder.ts';
import { type Definition, definitionKey, profileTypes } from './definitionDrift.ts';

/** Deeper nesting than any definition has. */
const maxDepth = 200;

/**
 * Definitions in the order in which they build on each other: code systems, value sets, profiles, and among them each
 * after those whose URL it names anywhere.
 */
export function definitionsInOrder<T extends Definition>(definitions: readonly T[]): readonly T[] {
  const rank = ({ resourceType }: T): number => profileTypes.findIndex((type) => type === resourceType);
  const sorted = [...definitions].sort((a, b) => rank(a) - rank(b) || (definitionKey(a) < definitionKey(b) ? -1 : 1));
  const urls = new Set(definitions.flatMap(({ url }) => (typeof url === 'string' ? [url] : [])));
  return dependenciesFirst(sorted, urlOf, (definition) => namedUrls(definition, urls));
}

const urlOf = ({ url, id }: Definition): string => (typeof url === 'string' ? url : `id ${String(id)}`);

function namedUrls(definition: Definition, known: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (value: unknown, depth: number): void => {
    if (typeof value === 'string') {
      const [url = ''] = value.split('|', 1);
      if (known.has(url)) found.add(url);
    } else if (typeof value === 'object' && value !== null && depth < maxDepth)
      for (const item of Object.values(value)) look(item, depth + 1);
  };
  look(definition, 0);
  return found;
}
