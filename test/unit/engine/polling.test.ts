import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isStuck, nextPoll } from '../../../src/engine/decide/polling.ts';
import { backOff, freshBudget, isExhausted, spend } from '../../../src/engine/state/budget.ts';
import type { Failure } from '../../../src/failure/failure.ts';
import { seeded } from './simulation/virtualClock.ts';

const minute = 60_000;

/** Looks at an operation of a given length until it is over. */
function follow(duration: number, durations: readonly number[]): { readonly polls: number; readonly delay: number } {
  let elapsed = 0;
  let polls = 0;
  while (elapsed < duration) {
    elapsed += nextPoll(elapsed, durations, undefined);
    polls += 1;
  }
  return { polls, delay: elapsed - duration };
}

describe('when to look at an operation', () => {
  it('notices its end within 15 s on average after five similar ones', () => {
    const random = seeded(5);
    for (const typical of [2 * minute, 10 * minute, 60 * minute, 360 * minute]) {
      const near = (): number => typical * (0.97 + 0.06 * random());
      const before = Array.from({ length: 5 }, near);
      let total = 0;
      for (let run = 0; run < 200; run += 1) total += follow(near(), before).delay;
      assert.ok(total / 200 <= 15_000, `${typical / minute} min: ${total / 200} ms`);
    }
  });

  it('costs few requests, with experience and without', () => {
    const hours = Array.from({ length: 5 }, () => 60 * minute);
    assert.ok(follow(60 * minute, []).polls <= 34);
    assert.ok(follow(60 * minute, hours).polls <= 15);
    assert.ok(follow(12 * 60 * minute, hours).polls <= 200);
  });

  it('notices one that ends early before it has taken twice as long', () => {
    const hours = Array.from({ length: 5 }, () => 60 * minute);
    for (const early of [5, 10, 20, 40]) assert.ok(follow(early * minute, hours).delay <= early * minute);
  });

  it('follows what the server asks for, within reason', () => {
    assert.equal(nextPoll(0, [], 20_000), 20_000);
    assert.equal(nextPoll(0, [], 10 * 365 * 86_400_000), 5 * minute);
    assert.equal(nextPoll(0, [], -5), 500);
  });

  it('always goes on', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), fc.array(fc.nat(10 ** 9), { maxLength: 8 }), (elapsed, durations) => {
        const wait = nextPoll(elapsed, durations, undefined);
        assert.ok(wait >= 500 && Number.isInteger(wait));
      }),
    );
  });

  it('calls an operation stuck after three times the usual, never soon', () => {
    const usual = Array.from({ length: 5 }, () => 20 * minute);
    assert.ok(!isStuck(59 * minute, usual));
    assert.ok(isStuck(70 * minute, usual));
    assert.ok(!isStuck(10 * minute, [1_000, 1_000]));
    assert.ok(isStuck(7 * 60 * minute, []));
  });
});

describe('the retry budget', () => {
  const throttled: Failure = { kind: 'throttled', message: '429', retryAfterMs: 30_000 };
  const broken: Failure = { kind: 'serverError', message: '500' };

  it('waits as long as the server asks, at most five minutes and 10 % more', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 10), fc.double({ min: 0, max: 0.999, noNaN: true }), (asked, random) => {
        const wait = backOff(spend(freshBudget, 0), { ...throttled, retryAfterMs: asked }, () => random);
        const wanted = Math.min(asked, 5 * minute);
        assert.ok(wait >= wanted && wait <= wanted * 1.1 + 1);
      }),
    );
  });

  it('doubles otherwise', () => {
    let budget = freshBudget;
    const waits = Array.from({ length: 5 }, () => {
      budget = spend(budget, 0);
      return backOff(budget, broken, () => 0);
    });
    assert.deepEqual(waits, [5_000, 10_000, 20_000, 40_000, 80_000]);
  });

  it('ends after the given attempts, but outlasts two hours of outage with the default of eight', () => {
    let budget = freshBudget;
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      assert.ok(!isExhausted(budget, 8, broken, 0));
      budget = spend(budget, 0);
    }
    assert.ok(isExhausted(budget, 8, broken, 0));
    assert.ok(!isExhausted(budget, 8, throttled, 120 * minute));
    assert.ok(isExhausted(budget, 8, throttled, 141 * minute));
    assert.ok(isExhausted(spend(freshBudget, 0), 1, throttled, 0));
  });
});
