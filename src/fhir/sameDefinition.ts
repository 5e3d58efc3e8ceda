/** Elements that a server sets, or that say nothing about what is searched. */
const immaterial: ReadonlySet<string> = new Set(['id', 'meta', 'text', 'date']);

type Resource = Readonly<Record<string, unknown>>;

/** True when two resources define the same: order of elements, ids, dates, versions and narrative do not count. */
export function sameDefinition(a: Resource, b: Resource): boolean {
  return canonical(material(a)) === canonical(material(b));
}

function material(resource: Resource): Resource {
  return Object.fromEntries(Object.entries(resource).filter(([key]) => !immaterial.has(key)));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, of]) => `${JSON.stringify(key)}:${canonical(of)}`).join(',')}}`;
}
