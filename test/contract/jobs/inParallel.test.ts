import assert from 'node:assert/strict';
import { setImmediate as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { inParallel } from '../../sandbox/jobs/inParallel.ts';

describe('work in parallel', () => {
  it('gives results in the order of the items and never runs more at a time than allowed', async () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pauses, fc.integer({ min: 1, max: 5 }), async (items, atOnce) => {
        let running = 0;
        const results = await inParallel(items, atOnce, async (item, index) => {
          running += 1;
          assert.ok(running <= atOnce);
          for (let turn = 0; turn < item; turn += 1) await pause();
          running -= 1;
          return index * 10 + item;
        });
        assert.deepEqual(
          results,
          items.map((item, index) => index * 10 + item),
        );
      }),
    );
  });

  it('begins nothing after a failure, waits for what is under way and throws the first failure', async () => {
    const ended: number[] = [];
    const work = inParallel([3, 1, 2, 5, 6], 3, async (item) => {
      for (let turn = 0; turn < item * 5; turn += 1) await pause();
      ended.push(item);
      if (item < 3) throw new Error(`failed at ${item}`);
    });
    await assert.rejects(work, /failed at 1/);
    assert.deepEqual(ended, [1, 2, 3]);
  });

  it('passes on what the items themselves throw', async () => {
    const broken = {
      *[Symbol.iterator](): Generator<number> {
        yield 1;
        throw new Error('no more');
      },
    };
    await assert.rejects(
      inParallel(broken, 2, () => Promise.resolve()),
      /no more/,
    );
  });
});
