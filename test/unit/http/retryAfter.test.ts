import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backOffMs } from '../../../src/http/backOff.ts';
import { longestWaitMs, parseHttpDate, retryAfterMs } from '../../../src/http/retryAfter.ts';

const now = Date.parse('2026-11-23T10:00:00Z');
const headers = (values: Record<string, string>) => ({ get: (name: string) => values[name] });

describe('Retry-After', () => {
  const table: readonly (readonly [string, Record<string, string>, number | undefined])[] = [
    ['nothing', {}, undefined],
    ['milliseconds', { 'x-ms-retry-after-ms': '1500' }, 1_500],
    ['milliseconds before seconds', { 'x-ms-retry-after-ms': '20', 'retry-after': '1' }, 20],
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['zero', { 'retry-after': '0' }, 0],
    ['blanks around', { 'retry-after': '  12 ' }, 12_000],
    ['a date', { 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT' }, 30_000],
    ['a date of RFC 850', { 'retry-after': 'Monday, 23-Nov-26 10:00:30 GMT' }, 30_000],
    ['a date of asctime', { 'retry-after': 'Mon Nov 23 10:00:30 2026' }, 30_000],
    ['a date in the past', { 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT' }, 0],
    [
      'a date by the server clock, two hours ahead',
      { 'retry-after': 'Mon, 23 Nov 2026 12:00:10 GMT', date: 'Mon, 23 Nov 2026 12:00:00 GMT' },
      10_000,
    ],
    ['an hour is capped', { 'retry-after': '3600' }, longestWaitMs],
    ['a far date is capped', { 'retry-after': 'Mon, 23 Nov 2026 12:00:00 GMT' }, longestWaitMs],
    ['ten years are ignored', { 'retry-after': '315360000' }, undefined],
    ['a date in ten years is ignored', { 'retry-after': 'Mon, 23 Nov 2036 10:00:00 GMT' }, undefined],
    ['absurd milliseconds, good seconds', { 'x-ms-retry-after-ms': '99999999999', 'retry-after': '3' }, 3_000],
    ['garbage milliseconds, good seconds', { 'x-ms-retry-after-ms': 'soon', 'retry-after': '3' }, 3_000],
    ['negative', { 'retry-after': '-5' }, undefined],
    ['a fraction', { 'retry-after': '1.5' }, undefined],
    ['words', { 'retry-after': 'later' }, undefined],
    ['words that Date.parse takes', { 'retry-after': 'banana 5' }, undefined],
    ['an ISO date', { 'retry-after': '2026-11-23T10:00:30Z' }, undefined],
    ['hexadecimal', { 'retry-after': '0x10' }, undefined],
    ['exponent', { 'retry-after': '1e3' }, undefined],
    ['empty', { 'retry-after': '' }, undefined],
    ['infinite', { 'retry-after': 'Infinity' }, undefined],
    ['too many digits', { 'retry-after': '9'.repeat(400) }, undefined],
  ];
  for (const [name, values, expected] of table)
    it(name, () => assert.equal(retryAfterMs(headers(values), now), expected));

  it('never gives anything but a bounded wait, whatever a server sends', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (ms, after, date) => {
        const wait = retryAfterMs(headers({ 'x-ms-retry-after-ms': ms, 'retry-after': after, date }), now);
        assert.ok(wait === undefined || (Number.isInteger(wait) && wait >= 0 && wait <= longestWaitMs));
      }),
    );
  });

  it('reads back every HTTP date that JavaScript writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_799 }), (seconds) => {
        assert.equal(parseHttpDate(new Date(seconds * 1_000).toUTCString()), seconds * 1_000);
      }),
    );
  });

  it('backs off longer each time, at most five minutes, never less than half', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const full = Math.min(longestWaitMs, 1_000 * 2 ** Math.min(attempt - 1, 30));
          const wait = backOffMs(attempt, () => random);
          assert.ok(wait >= Math.floor(full / 2) && wait <= full);
        },
      ),
    );
  });
});
