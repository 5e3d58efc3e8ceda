import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatsFor } from '../../../webview/format.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

describe('how values are written', () => {
  const english = formatsFor('en');

  it('writes the two largest units of a duration', () => {
    assert.equal(english.duration(3 * hour + 12 * minute + 40 * second), '3 hr 12 min');
    assert.equal(english.duration(26 * hour), '1 day 2 hr');
    assert.equal(english.duration(24 * hour + 5 * second), '1 day');
    assert.equal(english.duration(59_600), '1 min');
    assert.equal(english.duration(0), '0 sec');
    assert.equal(english.duration(-5), '0 sec');
    assert.equal(english.span(3 * hour + 12 * minute), '3h 12m');
  });

  it('never says 100 % of something unfinished', () => {
    assert.equal(english.percent(999_999, 1_000_000), '99%');
    assert.equal(english.percent(1, 1), '100%');
    assert.equal(english.percent(5, 0), '0%');
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (part, more) => {
        assert.equal(english.percent(part, part + more + 1) === '100%', false);
      }),
    );
  });

  it('writes bounds in UTC, to the second only where there are any', () => {
    assert.equal(english.bound(Date.UTC(2024, 4, 1)), 'May 1, 2024, 12:00 AM');
    assert.equal(english.bound(Date.UTC(2024, 4, 1, 13, 5, 9)), 'May 1, 2024, 1:05:09 PM');
  });

  it('writes in the language that is asked for, and in English for no language at all', () => {
    assert.equal(formatsFor('de').count(1_234_567), '1.234.567');
    for (const locale of ['', 'x', '!!', 'qqq', '<script>']) assert.equal(formatsFor(locale).count(1_234), '1,234');
  });

  it('writes any instant without failing', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (instant) => {
        for (const write of [english.moment, english.bound, english.day, english.time]) {
          assert.equal(typeof write(instant), 'string');
        }
        assert.equal(typeof english.duration(instant), 'string');
      }),
    );
  });
});
