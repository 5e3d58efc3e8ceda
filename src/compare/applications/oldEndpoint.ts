/** An address that applications use, and the one that takes its place. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** A place in a text where an old address stands. */
export interface Occurrence {
  /** UTF-16 units. */
  readonly offset: number;
  readonly length: number;
  readonly replacement: string;
}

interface Pattern {
  readonly wanted: RegExp;
  readonly replacement: string;
}

/** Ways in which `https://host/path` is written: plain, in JSON with escaped slashes, and encoded in a query. */
const spellings: readonly ((address: string) => string)[] = [
  (address) => address,
  (address) => address.replaceAll('/', '\\/'),
  (address) => encodeURIComponent(address),
];

const trimmed = (address: string): string => address.replace(/\/+$/, '');
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/**
 * Finds where a text names one of the old addresses, in any case and spelling, also by its host alone. Longer names that
 * only contain the old one are no occurrences. Places do not overlap and come in their order.
 */
export function findOldEndpoint(text: string, moves: readonly Move[]): readonly Occurrence[] {
  const found: Occurrence[] = [];
  for (const { wanted, replacement } of moves.flatMap(patternsOf))
    for (const { index, 0: match } of text.matchAll(wanted)) {
      const taken = found.some(({ offset, length }) => index < offset + length && offset < index + match.length);
      if (!taken) found.push({ offset: index, length: match.length, replacement });
    }
  return found.sort((a, b) => a.offset - b.offset);
}

function patternsOf({ from, to }: Move): readonly Pattern[] {
  const [old, now] = [trimmed(from), trimmed(to)];
  if (!URL.canParse(old) || !URL.canParse(now)) return [];
  const whole = spellings.map((spell) => pattern(spell(old), spell(now)));
  const [oldUrl, nowUrl] = [new URL(old), new URL(now)];
  const isBare = oldUrl.pathname === '/' && nowUrl.pathname === '/';
  return isBare ? [...whole, pattern(oldUrl.host, nowUrl.host)] : whole;
}

const pattern = (old: string, now: string): Pattern => ({
  wanted: new RegExp(`(?<![A-Za-z0-9-]|[A-Za-z0-9]\\.)${escaped(old)}(?![A-Za-z0-9-]|\\.[A-Za-z0-9])`, 'gi'),
  replacement: now,
});
