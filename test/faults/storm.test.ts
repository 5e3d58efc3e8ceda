import assert from 'node:assert/strict';
import { retryAfterMs } from '../../src/http/retryAfter.ts';
import { check } from '../unit/engine/simulation/checker.ts';
import type { Effect, Trouble } from '../unit/engine/simulation/effects.ts';
import { scripted, type ScriptOptions } from '../unit/engine/simulation/script.ts';
import { seeded } from '../unit/engine/simulation/virtualClock.ts';
import { minute, type World } from '../unit/engine/simulation/world.ts';

const replies = 500;
/** What 429 says of the wait, and how long that is meant to be; undefined: nothing that can be believed. */
const advice: readonly (readonly [headers: Readonly<Record<string, string>>, ms: number | undefined])[] = [
  [{ 'retry-after': '1' }, 1_000],
  [{ 'retry-after': '60' }, 60_000],
  [{ 'x-ms-retry-after-ms': '5500', 'retry-after': '6' }, 5_500],
  [{ date: 'Mon, 23 Nov 2026 10:00:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 10:00:20 GMT' }, 20_000],
  [{ 'retry-after': '3600' }, 5 * minute],
  [{ 'retry-after': '315360000' }, undefined],
  [{ 'retry-after': 'banana 5' }, undefined],
  [{}, undefined],
];

/** One operation of a kind at a time, so that the request after a refused one is the same one again. */
const options: ScriptOptions = {
  flavour: 'ahds',
  changes: 0,
  plan: { limits: { windowDays: 15, exportsAtOnce: 1, importsAtOnce: 1 }, options: { attempts: 100 } },
};

interface Refusal {
  readonly at: number;
  readonly asked: number | undefined;
}

/** A world whose services refuse most of what is asked about exports and imports, until they have done so 500 times. */
function stormy(seen: (name: string, refusal: Refusal, waited: number) => void): { world: World; left: () => number } {
  const random = seeded(14);
  let left = replies;
  const refused = new Map<string, Refusal>();
  const world: World = scripted({
    ...options,
    trouble: ({ name }: Effect): Trouble | undefined => {
      if (!/ (?:export|import)$|^(?:export|import) status$/.test(name)) return undefined;
      const now = world.clock.now();
      const service = name.includes('export') ? 'source' : 'target';
      const before = refused.get(name);
      if (before !== undefined) seen(name, before, now - before.at);
      refused.delete(name);
      if (left === 0 || random() < 0.05) return undefined;
      left -= 1;
      const [headers, asked] = advice[Math.floor(random() * advice.length)] ?? assert.fail();
      const read = retryAfterMs({ get: (header) => headers[header] }, now);
      const told = read === undefined ? {} : { retryAfterMs: read };
      refused.set(name, { at: now, asked });
      // What the transport sees of every answer.
      for (const listen of world.watching[service])
        listen({ at: now, request: name, ms: 20, throttled: true, ...told });
      return { kind: 'refuse', failure: { kind: 'throttled', status: 429, message: 'Too Many Requests', ...told } };
    },
  });
  return { world, left: () => left };
}

describe('a storm of 429', () => {
  it('of 500 replies with every kind of wait loses no job, and every wait is the one that was asked for', async () => {
    const calm = scripted(options);
    await calm.create();
    await calm.drive();
    const waited: { readonly name: string; readonly asked: number | undefined; readonly ms: number }[] = [];
    const { world, left } = stormy((name, { asked }, ms) => waited.push({ name, asked, ms }));
    await world.create();
    const runner = await world.drive();
    assert.equal(runner.state.run, 'complete');
    await check(world, runner);
    assert.equal(left(), 0);
    assert.equal(world.source.jobs.length, calm.source.jobs.length);
    assert.equal(world.target.jobs.length, new Set(world.target.jobs.map(({ body }) => body)).size);
    assert.ok(waited.length >= replies - 4);
    for (const { name, asked, ms } of waited) {
      if (asked === undefined) continue;
      // A start may wait longer: the whole service is spared for a while.
      const most = name.startsWith('start') ? Infinity : asked * 1.1 + 1;
      assert.ok(ms >= asked && ms <= most, `${name}: ${ms} ms after it was asked to wait ${asked} ms`);
    }
  });
});
