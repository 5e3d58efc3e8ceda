import type { Instant } from '../ports.ts';

export interface WindowLimits {
  /** Longest window, milliseconds. */
  readonly longest: number;
  /** Most resources of a window. */
  readonly most: number;
  /** A range with no more resources than this is one window however long it is; 0: no range is. */
  readonly few: number;
}

/** What a search for the next window starts from. */
export interface CountedSearch {
  /** Everything before is planned. */
  readonly cursor: Instant;
  /** Exclusive end of the range. */
  readonly till: Instant;
  /** Length that fitted last time, milliseconds; undefined: none was tried. */
  readonly span: number | undefined;
  /** What the last range held: nothing, less than half of the limit, or more. */
  readonly before: 'empty' | 'sparse' | 'full';
}

export type CountedStep =
  | { readonly kind: 'window'; readonly till: Instant; readonly expected: number | undefined }
  /** Nothing to export from the cursor up to here. */
  | { readonly kind: 'skip'; readonly till: Instant };

/** Number of versions from the cursor up to an instant, exclusive; undefined when it could not be had. */
export type CountUpTo = (till: Instant) => Promise<number | undefined>;

/**
 * Finds the next window by bisection: as long as allowed, with no more resources than allowed, at least 1 ms. Few
 * resources are not spread over many windows, because every window costs an export. A count that fails is unknown: it is
 * asked of shorter ranges, and in the end the window is planned without a promise; it never counts as empty and never
 * lengthens a window. Only a count of zero skips a range.
 */
export async function nextCounted(search: CountedSearch, limits: WindowLimits, count: CountUpTo): Promise<CountedStep> {
  let end = Math.min(search.till, search.cursor + firstSpan(search, limits));
  const shortestUnknown = Math.max(1, Math.floor(limits.longest / 8));
  let fitting: CountedStep | undefined;
  for (;;) {
    const length = end - search.cursor;
    const found = await count(end);
    if (found === 0) return { kind: 'skip', till: end };
    if (found !== undefined && found <= limits.few && end < search.till) {
      fitting = { kind: 'window', till: end, expected: found };
      end = Math.min(search.till, end + length);
      continue;
    }
    const shorter = shorterEnd(search.cursor, length, found, limits, shortestUnknown);
    if (fitting !== undefined && (shorter !== undefined || found === undefined)) return fitting;
    if (shorter === undefined) return { kind: 'window', till: end, expected: found };
    end = shorter;
  }
}

/** Where to end instead; undefined when the range can be a window. */
function shorterEnd(
  cursor: Instant,
  length: number,
  found: number | undefined,
  limits: WindowLimits,
  shortestUnknown: number,
): Instant | undefined {
  const isFew = found !== undefined && found <= limits.few;
  // Not back to the longest window at once: most of a long range may still be empty.
  if (length > limits.longest && !isFew) return cursor + Math.max(limits.longest, halfOf(length));
  if (found === undefined) return length > shortestUnknown ? cursor + halfOf(length) : undefined;
  return found > limits.most && length > 1 ? cursor + halfOf(length) : undefined;
}

function firstSpan(search: CountedSearch, limits: WindowLimits): number {
  if (search.span === undefined) return limits.longest;
  switch (search.before) {
    case 'empty':
      return search.span * 2;
    case 'sparse':
      return Math.max(search.span, Math.min(limits.longest, search.span * 2));
    case 'full':
      return Math.min(limits.longest, search.span);
  }
}

function halfOf(length: number): number {
  return Math.max(1, Math.floor(length / 2));
}
