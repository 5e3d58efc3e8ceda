import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoTarget } from '../../demo/world.ts';
import { assertComplete, migrated, openFastWorld, openWorld, until, type World } from './world.ts';

const importsOf = (world: World): string[] =>
  world.sandbox.jobs(demoTarget).flatMap(({ id, operation }) => (operation === 'import' ? [id] : []));

describe('a migration that is killed', function () {
  this.timeout(600_000);

  it('goes on after any record of its journal, and ends with the same on both services', async () => {
    await using world = await openWorld({}, {}, 50);
    const whole = await migrated(world);
    assertComplete(world, whole);
    const [name] = await readdir(world.journals);
    assert.ok(name !== undefined);
    const segment = (await readdir(join(world.journals, name))).find((file) => file.endsWith('.log'));
    assert.ok(segment !== undefined);
    const lines = (await readFile(join(world.journals, name, segment), 'utf8'))
      .split('\n')
      .filter((line) => line !== '');
    // Before the record of its creation nothing was started.
    const first = lines.findIndex((line) => line.includes('"created"')) + 1;
    for (let kept = first; kept < lines.length; kept++) {
      const folder = await mkdtemp(join(tmpdir(), 'fhir-migration-killed-'));
      try {
        await cp(world.journals, folder, { recursive: true });
        for (const file of await readdir(join(folder, name))) {
          if (file.startsWith('lease')) await rm(join(folder, name, file), { recursive: true });
        }
        // The record after the last whole one was cut off in the middle of its write.
        const torn = lines[kept]?.slice(0, 20) ?? '';
        await writeFile(join(folder, name, segment), `${lines.slice(0, kept).join('\n')}\n${torn}`);
        const problems: string[] = [];
        const [handle] = await world.services(folder).listMigrations((_, { message }) => problems.push(message));
        assert.ok(handle !== undefined, problems.join(' '));
        await handle.control('resume');
        assertComplete(world, await handle.stopped());
        handle.dispose();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
  });

  it('is taken up by another process where the first one left it, with no import started twice', async () => {
    await using world = await openFastWorld({}, { importTiming: { fixedMs: 30_000 } });
    const first = world.services();
    const driven = await first.startMigration(world.plan());
    const watcher = await world.services().openMigration(driven.id);
    await until(watcher, ({ progress }) => progress.exported > 0);
    assert.equal(watcher.drivenHere, false);
    assert.notEqual(watcher.driver(), undefined);
    await first.dispose();
    const started = importsOf(world);
    const second = await world.services().openMigration(driven.id);
    await second.control('resume');
    assert.ok(second.drivenHere);
    const overview = await second.stopped();
    assertComplete(world, overview);
    assert.ok(world.sandbox.jobs(demoTarget).every(({ state }) => state === 'completed'));
    assert.ok(started.every((id) => importsOf(world).includes(id)));
    assert.equal(new Set(importsOf(world)).size, importsOf(world).length);
  });

  it('pauses and cancels for whoever asks, and leaves no job running', async () => {
    await using world = await openFastWorld({}, { importTiming: { fixedMs: 1_200_000 } });
    const driven = await world.services().startMigration(world.plan());
    const asker = await world.services().openMigration(driven.id);
    await until(driven, ({ operations }) =>
      operations.some(({ kind, state }) => kind === 'import' && state === 'running'),
    );
    await asker.control('pause');
    assert.equal((await driven.stopped()).phase, 'paused');
    await driven.control('cancel');
    assert.equal((await driven.stopped()).phase, 'cancelled');
    assert.ok(world.sandbox.jobs(demoTarget).every(({ state }) => state !== 'running' && state !== 'queued'));
  });
});
