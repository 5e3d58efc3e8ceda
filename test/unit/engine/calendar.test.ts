import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { opening } from '../../../src/engine/calendar/calendar.ts';
import { calendarSchema, weekdays, type Calendar } from '../../../src/engine/calendar/calendarSchema.ts';
import { wallTime } from '../../../src/engine/calendar/wallClock.ts';

const calendar = (exports: Calendar['exports'], timeZone = 'Europe/Berlin'): Calendar =>
  v.parse(calendarSchema, { timeZone, exports });

const at = (text: string): number => Date.parse(text);
const untilOf = (of: Calendar, now: string): string => {
  const { open, until } = opening(of, 'exports', at(now));
  return `${open ? 'open' : 'closed'} until ${until === undefined ? 'ever' : new Date(until).toISOString()}`;
};

describe('a weekly calendar in a time zone', () => {
  const nights = calendar([{ days: ['monday', 'tuesday', 'friday'], from: '18:00', till: '06:00' }]);

  it('opens on its days and closes on the day after', () => {
    // 2026-05-04 is a Monday; Berlin is two hours ahead of UTC.
    assert.equal(untilOf(nights, '2026-05-04T15:59:59Z'), 'closed until 2026-05-04T16:00:00.000Z');
    assert.equal(untilOf(nights, '2026-05-04T16:00:00Z'), 'open until 2026-05-05T04:00:00.000Z');
    assert.equal(untilOf(nights, '2026-05-05T04:00:00Z'), 'closed until 2026-05-05T16:00:00.000Z');
    assert.equal(untilOf(nights, '2026-05-06T12:00:00Z'), 'closed until 2026-05-08T16:00:00.000Z');
  });

  it('is always open without a calendar, without periods for the kind, and with periods that leave nothing out', () => {
    assert.deepEqual(opening(undefined, 'exports', 0), { open: true, until: undefined });
    assert.deepEqual(opening(nights, 'imports', 0), { open: true, until: undefined });
    assert.equal(untilOf(calendar([{ from: '00:00', till: '24:00' }]), '2026-05-04T15:59:59Z'), 'open until ever');
    assert.equal(untilOf(calendar([{ from: '07:00', till: '07:00' }]), '2026-05-04T15:59:59Z'), 'open until ever');
  });

  it('follows the clock on the wall when it is changed', () => {
    const night = calendar([{ from: '01:00', till: '02:30' }]);
    // In the night to 29 March 2026 the hour from two to three is left out in Berlin.
    assert.equal(untilOf(night, '2026-03-28T23:30:00Z'), 'closed until 2026-03-29T00:00:00.000Z');
    assert.equal(untilOf(night, '2026-03-29T00:30:00Z'), 'open until 2026-03-29T01:00:00.000Z');
    assert.equal(untilOf(night, '2026-03-29T12:00:00Z'), 'closed until 2026-03-29T23:00:00.000Z');
    // In the night to 25 October the same hour comes twice.
    assert.equal(untilOf(night, '2026-10-24T23:30:00Z'), 'open until 2026-10-25T00:30:00.000Z');
    assert.equal(untilOf(night, '2026-10-25T00:45:00Z'), 'closed until 2026-10-25T01:00:00.000Z');
    assert.equal(untilOf(night, '2026-10-25T01:00:00Z'), 'open until 2026-10-25T01:30:00.000Z');
  });

  const time = fc.integer({ min: 0, max: 1_439 }).map((minutes) => {
    const text = (part: number): string => String(part).padStart(2, '0');
    return `${text(Math.floor(minutes / 60))}:${text(minutes % 60)}`;
  });
  const periods = fc.array(
    fc.record({ days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }), from: time, till: time }),
    { minLength: 1, maxLength: 3 },
  );
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC');

  it('stays as it is until the instant that it names, and is otherwise from then on', () => {
    fc.assert(
      fc.property(
        periods,
        zones,
        fc.integer({ min: at('2026-01-01'), max: at('2027-01-01') }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (exports, timeZone, now, share) => {
          const of = calendar(exports, timeZone);
          const { open, until } = opening(of, 'exports', now);
          const fresh = (instant: number): boolean => opening(calendar(exports, timeZone), 'exports', instant).open;
          const between = now + Math.floor(((until ?? now + 604_800_000) - now) * share);
          assert.equal(fresh(between), open);
          assert.equal(opening(of, 'exports', between).open, open);
          if (until === undefined) return;
          assert.ok(until > now);
          assert.equal(fresh(until), !open);
          assert.equal(opening(of, 'exports', until).open, !open);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads the wall as people there do', () => {
    assert.deepEqual(wallTime('Asia/Kolkata', at('2026-05-03T20:00:00Z')), {
      weekday: 'monday',
      minutes: 90,
      offset: 19_800_000,
    });
    assert.equal(wallTime('America/New_York', at('2026-01-01T03:00:00Z')).weekday, 'wednesday');
  });
});
