import assert from 'node:assert/strict';
import type { MigrationHandle, Services } from '../../../src/services/contract.ts';
import { demoSource, demoTarget } from '../../demo/world.ts';
import { never } from '../clients/fixture.ts';
import { assertComplete, openWorld, until, type World } from '../migration/world.ts';
import { blobsIn, containerOf, put } from './blobs.ts';

/** Every refused line leaves an error file behind; these are accepted at the end. */
const refusing = {
  service: demoTarget,
  operation: 'import',
  count: 2,
  effect: { kind: 'refuseLines', every: 3, text: 'x' },
} as const;

describe('A clean-up', function () {
  this.timeout(60_000);
  let world: World;
  let services: Services;
  let migration: MigrationHandle;
  before(async () => {
    world = await openWorld();
    services = world.services();
    world.sandbox.addJobFault(refusing);
    migration = await services.startMigration(world.plan());
    await until(migration, ({ phase }) => phase === 'complete' || phase === 'needsAttention');
  });
  after(() => world[Symbol.asyncDispose]());

  const staged = () => containerOf(world.sandbox, 'migration');
  const errors = () => containerOf(world.sandbox, 'migration-errors');
  const offered = async () =>
    (await services.cleanup.review(migration.id, never)).items.filter((item) => item.blocked === undefined);

  it('offers nothing while the migration may still need it', async () => {
    const { items } = await services.cleanup.review(migration.id, never);
    assert.equal(migration.overview().phase, 'needsAttention');
    assert.ok(items.length > 0 && items.every(({ blocked }) => blocked !== undefined));
    await services.cleanup.remove(
      migration.id,
      items.map(({ id }) => id),
      never,
    );
    assert.ok(((await blobsIn(staged()))?.size ?? 0) > 0);
    await migration.control('retry');
    await until(migration, ({ phase }) => phase === 'complete');
    await migration.stopped();
  });

  it('lists every file that the migration made with its size, and none of anybody else', async () => {
    assertComplete(world, migration.overview());
    await put(staged(), 'somebody/else.ndjson', 'theirs');
    await put(staged(), '20200101T000000-7/Patient-1.ndjson', 'theirs');
    await put(errors(), 'Patient1_1.ndjson', 'theirs');
    const all = await blobsIn(staged());
    const items = await offered();
    const mine = [...(all ?? [])].filter(([path]) => !path.startsWith('somebody/') && !path.startsWith('20200101T'));
    const listed = items.filter(({ kind }) => kind === 'exportFolder' || kind === 'retriedLines');
    assert.equal(
      listed.reduce((sum, { files }) => sum + files, 0),
      mine.length,
    );
    assert.equal(
      listed.reduce((sum, { bytes }) => sum + bytes, 0),
      mine.reduce((sum, [, bytes]) => sum + bytes, 0),
    );
    assert.ok(items.some(({ kind, files }) => kind === 'errorFiles' && files > 0));
    const { items: everything } = await services.cleanup.review(migration.id, never);
    assert.match(
      everything.find(({ id }) => id === 'container:migration')?.blocked ?? '',
      /holds 2 other files or folders/,
    );
  });

  it('leaves what somebody holds a lease on, says so, and takes it the next time', async () => {
    const names = [...((await blobsIn(staged())) ?? new Map<string, number>()).keys()];
    const path = names.find((name) => /^20(?!200101)/.test(name)) ?? '';
    const lease = staged().getBlobClient(path).getBlobLeaseClient();
    await lease.acquireLease(-1);
    const chosen = (await offered()).map(({ id }) => id);
    const first = await services.cleanup.remove(migration.id, chosen, never);
    assert.deepEqual(first.kept, [{ container: 'migration', path, reason: 'leased' }]);
    assert.deepEqual([first.record.proved, first.record.kept, first.failures], [true, { leased: 1 }, []]);
    assert.deepEqual(
      [...((await blobsIn(staged())) ?? new Map()).keys()].sort(),
      ['20200101T000000-7/Patient-1.ndjson', path, 'somebody/else.ndjson'].sort(),
    );
    assert.deepEqual([...((await blobsIn(errors())) ?? new Map()).keys()], ['Patient1_1.ndjson']);
    await lease.releaseLease();
    const second = await services.cleanup.remove(migration.id, chosen, never);
    assert.deepEqual([second.record.blobs, second.kept], [1, []]);
  });

  it('deletes containers only when nothing of anybody else is in them', async () => {
    await staged().deleteBlob('somebody/else.ndjson');
    await staged().deleteBlob('20200101T000000-7/Patient-1.ndjson');
    const items = await offered();
    assert.deepEqual(
      items.map(({ id }) => id),
      ['container:migration'],
    );
    const { record } = await services.cleanup.remove(
      migration.id,
      ['container:migration', 'container:migration-errors'],
      never,
    );
    assert.deepEqual(record.containers, ['migration']);
    assert.equal(await blobsIn(staged()), undefined);
    assert.equal((await blobsIn(errors()))?.size, 1);
  });

  it('is in the journal and in the report, and touched neither service', async () => {
    const { cleanups = [] } = migration.overview();
    assert.equal(cleanups.length, 3);
    const { markdown } = await services.report(migration.id);
    assert.match(markdown, /a listing afterwards shows none of them/);
    assertComplete(world, migration.overview());
  });

  it('leaves no id and no name of any resource in any form of the report', async () => {
    const { html, markdown, json } = await services.report(migration.id);
    const source = world.sandbox.store(demoSource);
    const canaries = new Set<string>();
    for (const type of source.types())
      for (const { id, json: content } of source.currents(type)) {
        if (id.length >= 8) canaries.add(id);
        for (const [, name = ''] of content.matchAll(/"(?:family|line|value)":\s*\[?"([^"]{8,})"/g)) canaries.add(name);
      }
    assert.ok(canaries.size > 100);
    for (const form of [html, markdown, json]) for (const canary of canaries) assert.ok(!form.includes(canary), canary);
  });

  it('gives a checklist for the source with the proof of its last write', async () => {
    const state = async (id: string) =>
      (await services.cleanup.decommission(migration.id, never)).find((item) => item.id === id)?.state;
    assert.equal(await state('lastWrite'), 'unknown');
    await migration.tell({
      kind: 'cutoverSignedOff',
      at: Date.now(),
      by: 'me',
      cutoverAt: Date.now(),
      gates: [],
      steps: [],
    });
    assert.equal(await state('lastWrite'), 'done');
    const source = world.sandbox.store(demoSource);
    const late = [...source.currents('Patient')].find(({ deleted }) => !deleted);
    assert.ok(late !== undefined);
    source.put({
      ...late,
      versionId: String(Number(late.versionId) + 1),
      lastUpdated: Math.ceil(world.sandbox.clock.now()) + 1_000,
    });
    assert.equal(await state('lastWrite'), 'open');
    world.sandbox.configure(demoSource, { deprecated: true });
    assert.equal(await state('lastWrite'), 'done');
  });
});
