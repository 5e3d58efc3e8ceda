/** Most entries of a bundle that a server takes (contracts of the services: 500); fewer keep one failure small. */
const mostEntries = 200;
/** Longest bundle, characters. */
const mostText = 8_000_000;

/** Name of a bundle: names sort in the order in which bundles are to be sent. */
export const bundleName = (number: number): string => `bundle-${String(number).padStart(5, '0')}.json`;

/** True for the name of a bundle of this or another time. */
export const isBundleName = (name: string): boolean => /^bundle-\d{5,}\.json$/.test(name);

/** A resource as it is to be on the source, as JSON text; undefined: deleted. */
export interface ReturnEntry {
  readonly type: string;
  readonly id: string;
  readonly text: string | undefined;
}

/**
 * Batch bundles that bring resources back to a source: one PUT or DELETE for each, no more in a bundle than a server
 * takes. A resource that is too long by itself gets a bundle of its own.
 */
export function* returnBundles(entries: Iterable<ReturnEntry>): Generator<string, void> {
  let lines: string[] = [];
  let length = 0;
  for (const entry of entries) {
    const line = entryText(entry);
    if (lines.length > 0 && (lines.length >= mostEntries || length + line.length > mostText)) {
      yield bundleText(lines);
      [lines, length] = [[], 0];
    }
    lines.push(line);
    length += line.length;
  }
  if (lines.length > 0) yield bundleText(lines);
}

const bundleText = (lines: readonly string[]): string =>
  `{"resourceType":"Bundle","type":"batch","entry":[\n${lines.join(',\n')}\n]}\n`;

function entryText({ type, id, text }: ReturnEntry): string {
  const request = JSON.stringify({ method: text === undefined ? 'DELETE' : 'PUT', url: `${type}/${id}` });
  return text === undefined ? `{"request":${request}}` : `{"resource":${text},"request":${request}}`;
}
