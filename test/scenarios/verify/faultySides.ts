import type { Side } from '../../../src/services/verify/sides.ts';

/** Lists lose rows on every page after the first of a range, each time others, as #1898 of fhir-server describes. */
export function losing(side: Side, every: number): Side {
  let row = 0;
  return {
    ...side,
    async *list(range, content, signal) {
      let first = true;
      for await (const page of side.list(range, content, signal)) {
        yield first ? page : page.filter(() => ++row % every !== 0);
        first = false;
      }
    },
  };
}

/**
 * Counts fail: all of them, or those of long ranges, which is what a server that runs out of time does.
 * @param first where an open range begins for it
 */
export function failingCounts(side: Side, from = 0, first = 0): Side {
  return {
    ...side,
    async counts(ranges, of, signal) {
      const counts = await side.counts(ranges, of, signal);
      return counts.map((count, index) => {
        const { since, till } = ranges[index] ?? {};
        return (till ?? Infinity) - (since ?? first) >= from ? undefined : count;
      });
    },
  };
}

/** Lists lose whole pages after the first of a range, which a paging bug of the services did. */
export function losingPages(side: Side, every: number): Side {
  let pages = 0;
  return {
    ...side,
    async *list(range, content, signal) {
      let first = true;
      for await (const page of side.list(range, content, signal)) {
        if (first || ++pages % every !== 0) yield page;
        first = false;
      }
    },
  };
}

/** Some counts fail, each time others. */
export function sometimesUncounted(side: Side, every: number): Side {
  let counted = 0;
  return {
    ...side,
    async counts(ranges, of, signal) {
      const counts = await side.counts(ranges, of, signal);
      return counts.map((count) => (++counted % every === 0 ? undefined : count));
    },
  };
}
