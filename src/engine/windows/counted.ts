import type { Instant } from '../ports.ts';

export interface WindowLimits {
  /** Longest window, milliseconds. */
  readonly longest: number;
  /** Most resources of a window. */
  readonly most: number;
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
 * Finds the next window by bisection: as long as allowed, with no more resources than allowed, at least 1 ms. A count
 * that fails is unknown: it is asked of shorter ranges, and in the end the window is planned without a promise; it
 * never counts as empty and never lengthens a window. Only a count of zero skips a range.
 */
export async function nextCounted(search: CountedSearch, limits: WindowLimits, count: CountUpTo): Promise<CountedStep> {
  let end = Math.min(search.till, search.cursor + firstSpan(search, limits));
  const shortestUnknown = Math.max(1, Math.floor(limits.longest / 8));
  for (;;) {
    const length = end - search.cursor;
    const found = await count(end);
    if (found === 0) return { kind: 'skip', till: end };
    if (length > limits.longest) {
      // Not back to the longest window at once: most of a long range may still be empty.
      end = search.cursor + Math.max(limits.longest, halfOf(length));
    } else if (found === undefined && length > shortestUnknown) {
      end = search.cursor + halfOf(length);
    } else if (found !== undefined && found > limits.most && length > 1) {
      end = search.cursor + halfOf(length);
    } else {
      return { kind: 'window', till: end, expected: found };
    }
  }
}

function firstSpan(search: CountedSearch, limits: WindowLimits): number {
  if (search.span === undefined) return limits.longest;
  switch (search.before) {
    case 'empty':
      return search.span * 2;
    case 'sparse':
      return Math.min(limits.longest, search.span * 2);
    case 'full':
      return Math.min(limits.longest, search.span);
  }
}

function halfOf(length: number): number {
  return Math.max(1, Math.floor(length / 2));
}
