type Fields = Readonly<Record<string, unknown>>;

/** Fields that tell entries of a list apart, in the order in which they are tried. */
const identifying = ['type', 'mode', 'code', 'name', 'url', 'definition', 'system', 'value'] as const;

/**
 * A JSON value in an order that does not depend on where it came from: keys sorted, lists sorted by what names their
 * entries, then by all. Only for documents whose lists mean nothing by their order.
 * @param change what becomes of each text
 */
export function stableOrder(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => {
      const normal = stableOrder(item, change);
      return { normal, key: sortKey(normal) };
    });
    return items.sort((a, b) => byCode(a.key, b.key)).map(({ normal }) => normal);
  }
  if (!isFields(value)) return value;
  const sorted = Object.entries(value).sort(([a], [b]) => byCode(a, b));
  // Without a prototype a key such as __proto__ stays a key.
  const result = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of sorted) result[key] = stableOrder(item, change);
  return result;
}

/** Two-space JSON with a line feed at its end. */
export const documentText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function sortKey(value: unknown): string {
  if (!isFields(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  const names = identifying.map((key) => (typeof value[key] === 'string' ? value[key] : ''));
  return `${names.join('\u0000')}\u0000${JSON.stringify(value)}`;
}
