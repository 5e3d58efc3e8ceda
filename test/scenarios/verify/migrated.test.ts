import assert from 'node:assert/strict';
import type { MigrationHandle, Services } from '../../../src/services/contract.ts';
import type { Verification, VerificationRequest } from '../../../src/services/verify/verification.ts';
import { classesOf, differenceKey } from '../../../src/services/verify/record.ts';
import { demoSource, demoTarget } from '../../demo/world.ts';
import type { StoredVersion } from '../../sandbox/contract.ts';
import { never } from '../clients/fixture.ts';
import { migrated, openFastWorld, type World } from '../migration/world.ts';

interface Proved {
  readonly services: Services;
  readonly handle: MigrationHandle;
  readonly request: Pick<VerificationRequest, 'source' | 'target'> & { readonly migration: MigrationHandle['id'] };
  readonly verified: (more?: Partial<VerificationRequest>) => Promise<Verification>;
}

/** Another process that opens the only migration. */
async function openProved(world: World): Promise<Proved> {
  const services = world.services();
  const [handle] = await services.listMigrations();
  assert.ok(handle !== undefined);
  const { source, target } = handle.overview().plan;
  const request = { source, target, migration: handle.id };
  const verified: Proved['verified'] = (more = {}) => services.verify({ ...request, depth: 'content', ...more }, never);
  return { services, handle, request, verified };
}

/** Some current patients of the source. */
function patients(world: World, count: number): readonly StoredVersion[] {
  const all = [...world.sandbox.store(demoSource).currents('Patient')].filter(({ deleted }) => !deleted);
  assert.ok(all.length >= count);
  return all.slice(0, count);
}

describe('A migration verified', function () {
  this.timeout(120_000);

  it('counts every window as it arrives, and keeps what verifications found', async () => {
    await using world = await openFastWorld({ flavour: 'ahds' });
    const overview = await migrated(world, { source: { ...world.plan().source, kind: 'ahds' } });
    const { handle, verified } = await openProved(world);
    const { verification, watermark, windows } = overview;
    assert.deepEqual([verification.by, verification.windowsDifferent], ['counts', 0]);
    assert.equal(verification.windowsVerified, windows.filter(({ state }) => state !== 'split').length);
    assert.equal(verification.until, watermark);
    for (const depth of ['ledger', 'range', 'content'] as const) {
      const result = await verified({ depth });
      assert.deepEqual([result.outcome, result.differences], ['equal', []], result.notes.join(' '));
    }
    const { runs } = handle.overview().verification;
    assert.deepEqual(
      runs.map(({ depth, outcome }) => `${depth} ${outcome}`),
      ['ledger equal', 'range equal', 'content equal'],
    );
    const records = await handle.journal();
    const ids = patients(world, 5).map(({ id }) => id);
    for (const { text } of records) assert.ok(!ids.some((id) => text.includes(id)));
  });

  it('takes the exported files for the truth when the source no longer answers', async () => {
    await using world = await openFastWorld();
    await migrated(world);
    const { services, handle, request, verified } = await openProved(world);
    world.sandbox.configure(demoSource, { deprecated: true });
    const [lost, kept] = patients(world, 2);
    assert.ok(lost !== undefined && kept !== undefined);
    for (const depth of ['range', 'content'] as const) {
      const { truth, outcome, notes } = await verified({ depth });
      assert.deepEqual([truth, outcome], ['stagedFiles', 'equal'], notes.join(' '));
    }
    world.sandbox.store(demoTarget).purge('Patient', lost.id);
    const result = await verified();
    assert.deepEqual(
      result.differences.map(({ id, class: kind }) => [id, kind]),
      [[lost.id, 'missingOnTarget']],
    );
    const about = { ...request, type: 'Patient' };
    const missing = await services.readBoth({ ...about, id: lost.id }, never);
    assert.equal(missing.target, undefined);
    assert.equal((JSON.parse(missing.source ?? '') as { readonly id: string }).id, lost.id);
    const same = await services.readBoth({ ...about, id: kept.id }, never);
    assert.equal(same.source, same.target);
    const again = await services.importAgain({ migration: handle.id, differences: result.differences }, never);
    assert.deepEqual(again, { asked: 1, exported: 1, left: [] });
  });

  it('imports exactly the differences again, and leaves everything else', async () => {
    await using world = await openFastWorld({ flavour: 'ahds' });
    await migrated(world, { source: { ...world.plan().source, kind: 'ahds' } });
    const { services, handle, verified } = await openProved(world);
    const target = world.sandbox.store(demoTarget);
    const [lost, deleted, changed, conflict] = patients(world, 4);
    assert.ok(lost !== undefined && deleted !== undefined && changed !== undefined && conflict !== undefined);
    target.purge('Patient', lost.id);
    target.put({ ...deleted, versionId: '99', deleted: true, method: 'DELETE', lastUpdated: deleted.lastUpdated + 9 });
    target.purge('Patient', changed.id);
    target.put({ ...changed, json: changed.json.replace(/}$/, ',"active":false,"gender":"unknown"}') });
    target.put({ ...conflict, versionId: '99', lastUpdated: conflict.lastUpdated + 9 });
    const before = await verified();
    assert.deepEqual(classesOf(before.differences), {
      differs: 2,
      missingOnTarget: 2,
      extraOnTarget: 0,
      unreadable: 0,
    });
    const told = { migration: handle.id, differences: before.differences };
    const again = await services.importAgain(told, never);
    assert.deepEqual(again, { asked: 4, exported: 4, left: [] });
    assert.equal((await verified()).outcome, 'equal');
  });

  it('knows accepted differences again, as long as they stay what they were', async () => {
    await using world = await openFastWorld({ flavour: 'ahds' });
    await migrated(world, { source: { ...world.plan().source, kind: 'ahds' } });
    const { handle, verified } = await openProved(world);
    const target = world.sandbox.store(demoTarget);
    const [one, two] = patients(world, 2);
    assert.ok(one !== undefined && two !== undefined);
    for (const { id } of [one, two]) target.purge('Patient', id);
    const { differences } = await verified();
    await handle.tell({
      kind: 'differencesTreated',
      at: world.clock.now(),
      treatment: 'accepted',
      classes: { missingOnTarget: 2 },
      because: 'test data',
      keys: differences.map((difference) => differenceKey(handle.id, difference)),
    });
    const accepted = await verified();
    assert.equal(accepted.outcome, 'equal');
    assert.deepEqual(
      accepted.differences.map((difference) => difference.accepted),
      ['test data', 'test data'],
    );
    target.put({ ...one, versionId: '7', lastUpdated: one.lastUpdated + 5 });
    assert.equal((await verified()).outcome, 'different');
  });

  it('goes on where it was interrupted', async () => {
    await using world = await openFastWorld({ flavour: 'ahds' });
    await migrated(world, { source: { ...world.plan().source, kind: 'ahds' } });
    const { services, request } = await openProved(world);
    const [lost] = patients(world, 1);
    assert.ok(lost !== undefined);
    world.sandbox.store(demoTarget).purge('Patient', lost.id);
    const asked = { ...request, depth: 'content' } as const;
    const whole = await services.verify(asked, never);
    const stop = new AbortController();
    let resume: VerificationRequest['resume'];
    const interrupted = services.verify(asked, stop.signal, {
      checkpoint: (checkpoint) => {
        resume = structuredClone(checkpoint);
        if (Object.keys(checkpoint.types).length > 3) stop.abort();
      },
    });
    await assert.rejects(interrupted);
    assert.ok(resume !== undefined);
    world.sandbox.resetCounters();
    const rest = await services.verify({ ...asked, resume }, never);
    assert.deepEqual([rest.differences, rest.types, rest.till], [whole.differences, whole.types, resume.till]);
    const reads = (name: string): number => world.sandbox.counters(name)['GET search'] ?? 0;
    const counters = reads(demoSource) + reads(demoTarget);
    assert.ok(counters < whole.types.length * 2, `${counters} pages for the rest of ${whole.types.length} types`);
    await assert.rejects(services.verify({ ...asked, types: ['Patient'], resume }, never), /was of something else/);
  });
});
