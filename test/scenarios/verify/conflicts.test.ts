import assert from 'node:assert/strict';
import { conflicts, type ConflictsOptions } from '../../../src/cli/commands/conflicts.ts';
import { createOutput } from '../../../src/cli/output/output.ts';
import type { Services } from '../../../src/services/contract.ts';
import type { Verification } from '../../../src/services/verify/verification.ts';
import { demoSource, demoTarget } from '../../demo/world.ts';
import type { StoredVersion } from '../../sandbox/contract.ts';
import { never } from '../clients/fixture.ts';
import { migrated, openWorld } from '../migration/world.ts';

const found = ({ differences }: Verification): Readonly<Record<string, string>> =>
  Object.fromEntries(differences.map(({ id, class: kind, reason, accepted }) => [id, `${kind} ${accepted ?? reason}`]));

const patient = (id: string, lastUpdated: number, versionId = '1'): StoredVersion => ({
  type: 'Patient',
  id,
  versionId,
  lastUpdated,
  deleted: false,
  method: 'PUT',
  json: `{"resourceType":"Patient","id":"${id}","active":true}`,
});

async function decided(services: Services, options: ConflictsOptions): Promise<readonly [code: number, said: string]> {
  let said = '';
  const output = createOutput(false, { write: (text: string) => (said += text) }, { write: () => undefined });
  return [await conflicts({ services, output, signal: never }, undefined, options), said];
}

describe('What the target changed before the cutover', function () {
  this.timeout(120_000);

  it('is found, told from hard deletes, and decided resource by resource', async () => {
    await using world = await openWorld({ flavour: 'ahds' });
    const [source, target] = [world.sandbox.store(demoSource), world.sandbox.store(demoTarget)];
    const [changed, deleted, kept] = [...source.currents('Patient')].filter((one) => !one.deleted);
    assert.ok(changed !== undefined && deleted !== undefined && kept !== undefined);
    // Written on the source in the minutes before, exported, and deleted for good afterwards.
    source.put(patient('purged', Math.floor(world.sandbox.clock.now()) - 120_000));
    const overview = await migrated(world, { source: { ...world.plan().source, kind: 'ahds' } });
    assert.equal(overview.phase, 'complete', JSON.stringify(overview.attention));
    assert.ok(target.current('Patient', 'purged') !== undefined);
    source.purge('Patient', 'purged');
    world.sandbox.clock.advance(3_600_000);
    const now = Math.floor(world.sandbox.clock.now()) - 60_000;
    target.put({ ...patient(changed.id, now, '99') });
    target.put({ ...patient(kept.id, now, '99') });
    target.put({ ...patient(deleted.id, now, '99'), deleted: true, method: 'DELETE' });
    target.put(patient('written', now));
    target.put(patient('writtenToo', now));
    const services = world.services();
    const [handle] = await services.listMigrations();
    assert.ok(handle !== undefined);
    const { plan } = handle.overview();
    const request = { source: plan.source, target: plan.target, migration: handle.id, depth: 'range' } as const;
    assert.deepEqual(found(await services.verify(request, never)), {
      [changed.id]: 'differs changedOnTarget',
      [kept.id]: 'differs changedOnTarget',
      [deleted.id]: 'missingOnTarget deletedOnTarget',
      written: 'extraOnTarget writtenOnTarget',
      writtenToo: 'extraOnTarget writtenOnTarget',
      purged: 'extraOnTarget notOnSource',
    });
    const [listed, said] = await decided(services, {});
    assert.deepEqual([listed, said.includes('5 conflicts are open')], [1, true], said);
    await assert.rejects(decided(services, { takeSource: ['Patient/purged'] }), /no open conflict/);
    await assert.rejects(decided(services, { keepTarget: ['all'] }), /--because/);
    const keepTarget = [`Patient/${kept.id}`, 'Patient/written'];
    const [code, told] = await decided(services, { keepTarget, because: 'entered here', takeSource: ['all'] });
    assert.deepEqual([code, told.includes('0 conflicts are open, 2 kept as on')], [0, true], told);
    assert.deepEqual(found(await services.verify(request, never)), {
      [kept.id]: 'differs entered here',
      written: 'extraOnTarget entered here',
      purged: 'extraOnTarget notOnSource',
    });
    assert.equal(target.current('Patient', changed.id)?.versionId, source.current('Patient', changed.id)?.versionId);
    assert.equal(target.current('Patient', deleted.id)?.deleted, false);
    assert.equal(target.current('Patient', 'writtenToo'), undefined);
    const text = (await handle.journal()).map((record) => record.text).join('\n');
    assert.ok(!text.includes(kept.id) && !text.includes('writtenToo'));
    handle.dispose();
  });
});
