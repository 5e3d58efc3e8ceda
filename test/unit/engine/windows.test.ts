import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextBlind, type BlindWindow } from '../../../src/engine/windows/blind.ts';
import { nextCounted, type CountedSearch } from '../../../src/engine/windows/counted.ts';
import { halves, isSmallestPage, smallerPage } from '../../../src/engine/windows/split.ts';

interface Range {
  readonly since: number;
  readonly till: number;
  readonly skipped: boolean;
  readonly expected: number | undefined;
}

interface Source {
  /** Instants of resources. */
  readonly instants: readonly number[];
  /** Tells whether the n-th count fails. */
  readonly fails: (count: number) => boolean;
}

async function planAll(
  source: Source,
  from: number,
  till: number,
  longest: number,
  most: number,
  few = 0,
): Promise<Range[]> {
  const ranges: Range[] = [];
  let search: CountedSearch = { cursor: from, till, span: undefined, before: 'full' };
  let counts = 0;
  while (search.cursor < till) {
    const { cursor } = search;
    const step = await nextCounted(search, { longest, most, few }, (end) => {
      counts += 1;
      if (source.fails(counts)) return Promise.resolve(undefined);
      return Promise.resolve(source.instants.filter((instant) => instant >= cursor && instant < end).length);
    });
    const expected = step.kind === 'window' ? step.expected : undefined;
    ranges.push({ since: cursor, till: step.till, skipped: step.kind === 'skip', expected });
    const before = step.kind === 'skip' ? 'empty' : expected !== undefined && expected < most / 2 ? 'sparse' : 'full';
    search = { cursor: step.till, till, span: step.till - cursor, before };
  }
  return ranges;
}

const sources = fc.record({
  instants: fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 }),
  failing: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
  longest: fc.integer({ min: 1, max: 2_000 }),
  most: fc.integer({ min: 1, max: 30 }),
});

describe('windows planned by counts', () => {
  it('cover the range without gap or overlap, and skip only what a count says is empty', async () => {
    await fc.assert(
      fc.asyncProperty(sources, async ({ instants, failing, longest, most }) => {
        const source = { instants, fails: (count: number) => failing[count % failing.length] === true };
        const ranges = await planAll(source, 0, 5_001, longest, most);
        let end = 0;
        for (const range of ranges) {
          assert.equal(range.since, end);
          assert.ok(range.till > range.since);
          end = range.till;
          const inside = instants.filter((instant) => instant >= range.since && instant < range.till).length;
          if (range.skipped) assert.equal(inside, 0);
        }
        assert.equal(end, 5_001);
      }),
    );
  });

  it('are never longer than allowed, and hold more than allowed only within one millisecond or when no count answers', async () => {
    await fc.assert(
      fc.asyncProperty(sources, async ({ instants, failing, longest, most }) => {
        const source = { instants, fails: (count: number) => failing[count % failing.length] === true };
        for (const { since, till, skipped, expected } of await planAll(source, 0, 5_001, longest, most)) {
          if (skipped) continue;
          assert.ok(till - since <= longest);
          if (expected !== undefined && till - since > 1) assert.ok(expected <= most);
          if (expected === undefined) assert.ok(till - since <= Math.max(1, Math.floor(longest / 8)));
        }
      }),
    );
  });

  it('are longer than allowed only where they hold few resources', async () => {
    await fc.assert(
      fc.asyncProperty(sources, fc.integer({ min: 1, max: 30 }), async ({ instants, failing, longest, most }, few) => {
        const source = { instants, fails: (count: number) => failing[count % failing.length] === true };
        let end = 0;
        for (const { since, till, skipped, expected } of await planAll(source, 0, 5_001, longest, most, few)) {
          assert.equal(since, end);
          end = till;
          if (!skipped && till - since > longest) assert.ok(expected !== undefined && expected <= few);
        }
        assert.equal(end, 5_001);
      }),
    );
  });

  it('are one where the whole range holds few resources', async () => {
    const instants = Array.from({ length: 40 }, (_, i) => i * 100);
    const ranges = await planAll({ instants, fails: () => false }, 0, 5_001, 30, 1_000, 50);
    assert.deepEqual(ranges, [{ since: 0, till: 5_001, skipped: false, expected: 40 }]);
  });

  it('never take a failed count for zero', async () => {
    const ranges = await planAll({ instants: [], fails: () => true }, 0, 1_000, 100, 10);
    assert.ok(ranges.every(({ skipped }) => !skipped));
  });

  it('cross empty years with few counts', async () => {
    const year = 365 * 86_400_000;
    const ranges = await planAll({ instants: [12 * year], fails: () => false }, 0, 12 * year + 1, year / 12, 10);
    assert.ok(ranges.length <= 16, `${ranges.length} ranges`);
  });
});

const day = 86_400_000;

function searchBlindly(end: number, floor: number | undefined, count: (window: BlindWindow) => number): BlindWindow[] {
  const windows: BlindWindow[] = [];
  let cursor = end;
  let last: { readonly span: number; readonly resources: number } | undefined;
  for (;;) {
    const window = nextBlind({ cursor, floor, last }, { longest: 30 * day, most: 1_000 });
    windows.push(window);
    if (window.since === undefined || (floor !== undefined && window.since <= floor)) return windows;
    cursor = window.since;
    last = { span: window.till - window.since, resources: count(window) };
  }
}

describe('windows found blindly', () => {
  const end = Date.UTC(2026, 9, 1);

  it('cover everything before the end without gap, whatever their exports hold', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1 }), (perDay) => {
        let asked = 0;
        const windows = searchBlindly(end, undefined, ({ since, till }) => {
          asked += 1;
          return (((till - (since ?? 0)) / day) * (perDay[asked % perDay.length] ?? 0)) | 0;
        });
        assert.equal(windows[0]?.till, end);
        windows.slice(1).forEach((window, index) => assert.equal(window.till, windows[index]?.since));
        assert.equal(windows.at(-1)?.since, undefined);
      }),
      { numRuns: 60 },
    );
  });

  it('reach the beginning of an empty service with a handful of exports', () => {
    assert.ok(searchBlindly(end, undefined, () => 0).length <= 6);
  });

  it('shrink where much is found and end at a given start', () => {
    const floor = end - 100 * day;
    const windows = searchBlindly(end, floor, ({ since, till }) => (till - (since ?? 0)) / day / 0.01);
    assert.equal(windows.at(-1)?.since, floor);
    const lengths = windows.slice(1, -1).map(({ since, till }) => (till - (since ?? 0)) / day);
    assert.ok(
      lengths.every((length) => length <= 20),
      String(lengths),
    );
  });
});

describe('splitting a window', () => {
  it('gives two halves that meet, down to one millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 1, max: 2 ** 40 }), (since, length) => {
        const parts = halves({ since, till: since + length }, undefined);
        assert.equal(parts === undefined, length === 1);
        if (parts === undefined) return;
        const [first, second] = parts;
        assert.equal(first.since, since);
        assert.equal(first.till, second.since);
        assert.equal(second.till, since + length);
        assert.ok(first.till > since && second.till > (second.since ?? 0));
      }),
    );
  });

  it('halves a window without beginning between the first resource and its end', () => {
    const parts = halves({ till: 3_000 }, 1_000);
    assert.deepEqual(parts, [
      { since: undefined, till: 2_000 },
      { since: 2_000, till: 3_000 },
    ]);
    assert.equal(halves({ till: Date.UTC(1990, 0) }, undefined)?.[0].since, undefined);
  });

  it('asks for smaller pages, but not for tiny ones', () => {
    assert.equal(smallerPage(undefined), 5_000);
    assert.equal(smallerPage(150), 100);
    assert.ok(isSmallestPage(100));
    assert.ok(!isSmallestPage(undefined));
  });
});
