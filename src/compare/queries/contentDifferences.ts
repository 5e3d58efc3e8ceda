import type { Json } from '../../fhir/queryAnswer.ts';

/** Set by each service itself. */
const setAside: ReadonlySet<string> = new Set(['meta.versionId', 'meta.lastUpdated']);

/**
 * Paths of the first elements in which two resources differ, for example `name[0].family`. Versions and dates of the
 * services are set aside; values are not told.
 */
export function contentDifferences(source: Json, target: Json, most: number): readonly string[] {
  const found: string[] = [];
  const look = (a: unknown, b: unknown, path: string): void => {
    if (found.length >= most || a === b || setAside.has(path)) return;
    if (Array.isArray(a) && Array.isArray(b)) {
      const [left, right] = [a as unknown[], b as unknown[]];
      for (let index = 0; index < Math.max(left.length, right.length); index += 1)
        look(left[index], right[index], `${path}[${index}]`);
    } else if (isFields(a) && isFields(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        look(a[key], b[key], path === '' ? key : `${path}.${key}`);
    } else found.push(path);
  };
  look(withoutEmptyMeta(source), withoutEmptyMeta(target), '');
  return found;
}

/** A meta that holds nothing but what is set aside is as good as none. */
function withoutEmptyMeta(resource: Json): Json {
  const { meta, ...others } = resource;
  if (!isFields(meta)) return resource;
  const kept = Object.entries(meta).filter(([key]) => !setAside.has(`meta.${key}`));
  return kept.length === 0 ? others : { ...others, meta: Object.fromEntries(kept) };
}

const isFields = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
