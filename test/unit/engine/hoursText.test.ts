import assert from 'node:assert/strict';
import fc from 'fast-check';
import { opening } from '../../../src/engine/calendar/calendar.ts';
import { weekdays, type Period } from '../../../src/engine/calendar/calendarSchema.ts';
import { hoursText, readHours } from '../../../src/engine/calendar/hoursText.ts';

describe('hours of a week in words', () => {
  for (const [text, periods] of [
    ['18:00-06:00', [{ from: '18:00', till: '06:00' }]],
    ['sat', [{ days: ['saturday'], from: '00:00', till: '24:00' }]],
    [
      'Mon-Wed 7:30–12:00; friday',
      [
        { days: ['monday', 'tuesday', 'wednesday'], from: '07:30', till: '12:00' },
        { days: ['friday'], from: '00:00', till: '24:00' },
      ],
    ],
    ['sat - mon 00:00 - 06:00', [{ days: ['saturday', 'sunday', 'monday'], from: '00:00', till: '06:00' }]],
  ] as const)
    it(`are read from ${text}`, () => assert.deepEqual(readHours(text), { periods }));

  it('may be none', () => assert.deepEqual(readHours(' , '), {}));

  for (const text of ['25:00-06:00', 'mo 18:00-06:00', 'mon-tue-wed', '18:00', 'mon 18-06', '24:00-06:00', 'x'])
    it(`are not ${text}`, () => assert.deepEqual(readHours(`sat, ${text}`), { wrong: text }));

  it('mean the same after they were written and read again', () => {
    const time = (most: number) =>
      fc.integer({ min: 0, max: most }).map((minutes) => {
        const two = (part: number): string => String(part).padStart(2, '0');
        return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
      });
    const days = fc.option(fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }), { nil: undefined });
    const period = fc
      .record({ days, from: time(1_439), till: time(1_440) })
      .map(({ days: on, from, till }): Period => ({ ...(on === undefined ? {} : { days: on }), from, till }));
    fc.assert(
      fc.property(
        fc.array(period, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(604_800_000), { minLength: 20, maxLength: 20 }),
        (periods, instants) => {
          const again = readHours(hoursText(periods)).periods;
          assert.ok(again !== undefined);
          const of = (exports: Period[]) => ({ timeZone: 'UTC', exports, running: 'drain' as const });
          for (const at of instants)
            assert.equal(opening(of(again), 'exports', at).open, opening(of(periods), 'exports', at).open);
        },
      ),
      { numRuns: 200 },
    );
  });
});
