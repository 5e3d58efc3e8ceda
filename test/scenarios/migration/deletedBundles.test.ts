import assert from 'node:assert/strict';
import { demoSource, demoTarget } from '../../demo/world.ts';
import { never } from '../clients/fixture.ts';
import { migrated, openWorld } from './world.ts';

describe('A source that tells deletions as bundles', function () {
  this.timeout(120_000);

  it('has them applied to what was moved before, and counted as lines', async () => {
    await using world = await openWorld({ flavour: 'ahds', deletedBundles: true });
    const [source, target] = [world.sandbox.store(demoSource), world.sandbox.store(demoTarget)];
    const [deleted, again, other] = [...source.currents('Patient')].filter((one) => !one.deleted);
    assert.ok(deleted !== undefined && again !== undefined && other !== undefined);
    const now = Math.floor(world.sandbox.clock.now());
    const dayMs = 86_400_000;
    // Versions of long ago, so that another window brings the deletion, and one brings the same id again.
    const next = (version: typeof deleted, days: number, isDeleted: boolean): void =>
      source.put({
        ...version,
        versionId: String(Number(source.current('Patient', version.id)?.versionId) + 1),
        lastUpdated: now - days * dayMs,
        deleted: isDeleted,
        method: isDeleted ? 'DELETE' : 'PUT',
      });
    next(deleted, 2, true);
    next(again, 3, true);
    next(again, 1, false);
    const plan = { source: { ...world.plan().source, kind: 'ahds' as const } };
    const overview = await migrated(world, plan);
    assert.equal(overview.phase, 'complete', JSON.stringify(overview.attention));
    for (const { failed, unaccounted } of Object.values(overview.totals)) assert.equal(failed + unaccounted, 0);
    assert.equal(target.current('Patient', deleted.id)?.deleted, true);
    assert.equal(target.current('Patient', again.id)?.deleted, false);
    assert.equal(target.current('Patient', other.id)?.deleted, false);
    const services = world.services();
    const result = await services.verify(
      { source: overview.plan.source, target: overview.plan.target, migration: overview.id, depth: 'content' },
      never,
    );
    assert.deepEqual([result.outcome, result.differences], ['equal', []], result.notes.join(' '));
  });
});
