import assert from 'node:assert/strict';
import { freshPace, observe, type Pace, type Rest } from '../../../src/engine/pace/pace.ts';
import type { LoadSample } from '../../../src/engine/ports.ts';

const second = 1_000;
const count = (at: number, more: Partial<LoadSample> = {}): LoadSample => ({
  at,
  request: 'GET /?_summary=count',
  ms: 800,
  throttled: false,
  ...more,
});

/** Takes answers one after the other, one a second; the last rest that they asked for. */
function after(samples: readonly Partial<LoadSample>[], nice = 1, pace = freshPace): { pace: Pace; rest?: Rest } {
  let rest: Rest | undefined;
  samples.forEach((more, index) => {
    const seen = observe(pace, count(index * second, more), nice);
    pace = seen.pace;
    rest = seen.rest;
  });
  return { pace, ...(rest === undefined ? {} : { rest }) };
}

const usual = (more: Partial<LoadSample> = {}): Partial<LoadSample>[] => Array.from({ length: 30 }, () => more);

describe('the load of a service', () => {
  it('asks for no rest while answers are as they always were', () => {
    assert.equal(after(usual({ charge: 60 })).rest, undefined);
    const uneven = Array.from({ length: 60 }, (_, index) => ({ ms: 600 + ((index * 37) % 5) * 100 }));
    assert.equal(after(uneven).rest, undefined);
  });

  it('asks for more rest the slower answers get, the nicer one is, and never for more than ten minutes', () => {
    const slower = (ms: number, nice = 1): number =>
      after([...usual(), ...Array.from({ length: 12 }, () => ({ ms }))], nice).rest?.ms ?? 0;
    assert.ok(slower(2_400) > 20 * second);
    assert.ok(slower(4_800) > slower(2_400));
    assert.ok(slower(2_400, 3) > 2.9 * slower(2_400));
    assert.equal(slower(2_400, 0), 0);
    assert.equal(slower(5_000_000, 10), 600 * second);
  });

  it('takes no answer for slow that is fast, whatever is usual, nor the first ones', () => {
    assert.equal(after([...usual({ ms: 20 }), { ms: 400 }, { ms: 400 }, { ms: 400 }]).rest, undefined);
    assert.equal(after([{ ms: 500 }, { ms: 50_000 }, { ms: 50_000 }]).rest, undefined);
  });

  it('knows a rising request charge, and compares like with like', () => {
    const dear = after([...usual({ charge: 60 }), ...Array.from({ length: 8 }, () => ({ charge: 400 }))]);
    assert.equal(dear.rest?.reason, 'charge');
    const other = after([...usual({ charge: 60 }), { request: 'GET /_history', charge: 9_000, ms: 60_000 }]);
    assert.equal(other.rest, undefined);
  });

  it('gets used to what lasts', () => {
    const { pace } = after([...usual(), ...Array.from({ length: 400 }, () => ({ ms: 3_000 }))]);
    assert.equal(after([{ ms: 3_000 }], 1, pace).rest, undefined);
  });

  it('rests after a refusal, longer after each further one, and at least as long as the service asks', () => {
    const refusals = (nice: number, retryAfterMs = 2 * second): readonly number[] => {
      let pace: Pace = freshPace;
      return [1, 2, 3, 4].map(() => {
        const at = (pace.restsUntil ?? 0) + 10 * second;
        const seen = observe(pace, count(at, { throttled: true, retryAfterMs }), nice);
        pace = seen.pace;
        assert.equal(seen.rest?.reason, 'throttled');
        return seen.rest.ms / second;
      });
    };
    assert.deepEqual(refusals(1), [30, 60, 120, 240]);
    assert.deepEqual(refusals(0), [2, 2, 2, 2]);
    assert.deepEqual(refusals(1, 90 * second), [90, 90, 120, 240]);
    assert.deepEqual(refusals(10), [300, 600, 600, 600]);
  });

  it('takes what is refused during a rest for the same refusal, and forgets refusals after a while', () => {
    let pace: Pace = freshPace;
    for (const at of [0, 100, 5_000, 29_000]) pace = observe(pace, count(at, { throttled: true }), 1).pace;
    assert.equal(pace.refusals, 1);
    assert.equal(pace.restsUntil, 30 * second);
    pace = observe(pace, count(40 * second, { throttled: true }), 1).pace;
    assert.equal(pace.refusals, 2);
    assert.equal(observe(pace, count(900 * second, { throttled: true }), 1).rest?.ms, 30 * second);
  });
});
