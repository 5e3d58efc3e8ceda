import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError } from '../../../src/failure/failure.ts';
import { demoTarget } from '../../demo/world.ts';
import { assertComplete, openWorld, until, type World } from './world.ts';

/** The folder of another machine. */
async function otherMachine(): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'fhir-migration-other-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

const imports = (world: World): readonly string[] =>
  world.sandbox.jobs(demoTarget).flatMap(({ id, operation }) => (operation === 'import' ? [id] : []));

describe('a migration whose journal lies in the staging account', function () {
  this.timeout(120_000);

  it('is seen live on another machine, and taken over there when its driver goes away', async () => {
    await using world = await openWorld({}, { importTiming: { fixedMs: 4_000 } });
    await using machine = await otherMachine();
    const plan = world.plan({ journal: 'staging' });
    const here = world.services();
    const driven = await here.startMigration(plan);
    assert.deepEqual(driven.journalAt, { place: 'staging', account: 'contosostaging' });
    assert.deepEqual(await readdir(world.journals), ['shared.json']);

    const there = world.services(machine.folder);
    assert.deepEqual(await there.listMigrations(), []);
    await there.shared.add(plan.staging);
    const [watched, ...others] = await there.listMigrations();
    assert.ok(watched !== undefined && others.length === 0);
    assert.equal(watched.id, driven.id);
    assert.notEqual(watched.driver(), undefined);
    await until(watched, ({ progress }) => progress.exported > 0);
    assert.equal(watched.drivenHere, false);

    await here.dispose();
    const started = imports(world);
    await assert.rejects(watched.control('resume'), (error) => {
      assert.ok(FailureError.is(error, 'invalidInput'));
      assert.equal(error.failure.code, 'notApproved');
      assert.match(error.message, /127\.0\.0\.1|localhost/);
      return true;
    });
    assert.equal(watched.drivenHere, false);
    await watched.approve();
    await watched.control('resume');
    assert.ok(watched.drivenHere);
    assertComplete(world, await watched.stopped());
    assert.ok(started.every((id) => imports(world).includes(id)));
    assert.equal(new Set(imports(world)).size, imports(world).length);
    // Once is enough: what was agreed to is remembered.
    const again = await world.services(machine.folder).openMigration(driven.id);
    assert.equal(await again.isApproved(), true);
  });

  it('refuses a second driver, and takes requests from everywhere', async () => {
    await using world = await openWorld({}, { importTiming: { fixedMs: 60_000 } });
    await using machine = await otherMachine();
    const plan = world.plan({ journal: 'staging' });
    const driven = await world.services().startMigration(plan);
    await until(driven, ({ operations }) =>
      operations.some(({ kind, state }) => kind === 'import' && state === 'running'),
    );
    const there = world.services(machine.folder);
    await there.shared.add(plan.staging);
    const watched = await there.openMigration(driven.id);
    await watched.control('pause');
    assert.equal((await driven.stopped()).phase, 'paused');
    await driven.control('cancel');
    assert.equal((await driven.stopped()).phase, 'cancelled');
  });

  it('moves between a folder and the staging account while it runs, and goes on', async () => {
    await using world = await openWorld({}, { importTiming: { fixedMs: 1_500 } });
    await using machine = await otherMachine();
    const services = world.services();
    const driven = await services.startMigration(world.plan());
    await until(driven, ({ progress }) => progress.exported > 0);
    await driven.move('staging');
    assert.ok(driven.drivenHere);
    assert.deepEqual(driven.journalAt, { place: 'staging', account: 'contosostaging' });
    assert.deepEqual(await readdir(world.journals), ['shared.json']);
    const there = world.services(machine.folder);
    await there.shared.add(world.plan().staging);
    assert.equal((await there.listMigrations()).length, 1);
    await driven.move('file');
    assert.ok(driven.drivenHere);
    assert.deepEqual((await readdir(world.journals)).sort(), [driven.id, 'shared.json'].sort());
    assertComplete(world, await driven.stopped());
    assert.deepEqual(await world.services(machine.folder).listMigrations(), []);
  });

  it('is shown although another account that is looked into cannot be reached', async () => {
    await using world = await openWorld();
    await using machine = await otherMachine();
    const plan = world.plan({ journal: 'staging' });
    const driven = await world.services().startMigration(plan);
    await driven.stopped();
    const there = world.services(machine.folder);
    const elsewhere = 'https://127.0.0.1:9/elsewhere';
    await there.shared.add({ accountName: 'elsewhere', blobEndpoint: elsewhere });
    await there.shared.add(plan.staging);
    const problems: string[] = [];
    const found = await there.listMigrations((id) => problems.push(id));
    assert.deepEqual(
      found.map(({ id }) => id),
      [driven.id],
    );
    assert.deepEqual(problems, ['elsewhere']);
    await there.shared.remove({ accountName: 'elsewhere', blobEndpoint: elsewhere });
    assert.deepEqual(
      (await there.shared.all()).map(({ accountName }) => accountName),
      ['contosostaging'],
    );
  });
});
