import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FailedLine } from '../../../src/engine/run/failedLines.ts';
import type { MigrationHandle } from '../../../src/services/contract.ts';
import { demoSource, demoTarget } from '../../demo/world.ts';
import { assertComplete, migrated, openFastWorld, type World } from './world.ts';

const signal = new AbortController().signal;

async function linesOf(handle: MigrationHandle): Promise<readonly FailedLine[]> {
  const lines: FailedLine[] = [];
  for await (const line of handle.failedLines(undefined, signal)) lines.push(line);
  return lines;
}

/** What the source holds and the target lacks, seen from the inside. */
function missingOn({ sandbox }: World): readonly string[] {
  const [source, target] = [sandbox.store(demoSource), sandbox.store(demoTarget)];
  return source
    .types()
    .filter((type) => type !== 'SearchParameter')
    .flatMap((type) => [...source.currents(type)])
    .filter(({ type, id }) => target.current(type, id) === undefined)
    .map(({ type, id }) => `${type}/${id}`)
    .sort();
}

async function textsBelow(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')))).join('\n');
}

describe('lines that an import refuses', function () {
  this.timeout(120_000);

  it('are imported again alone where that helps', async () => {
    await using world = await openFastWorld();
    const effect = { kind: 'refuseLines', every: 3, text: 'The resource is too large.' } as const;
    world.sandbox.addJobFault({ service: demoTarget, operation: 'import', count: 2, effect });
    const overview = await migrated(world);
    assertComplete(world, overview);
    assert.ok(overview.staging.folders.some((folder) => folder.startsWith('retries/')));
  });

  it('are listed one by one, accepted with a reason, and named nowhere', async () => {
    await using world = await openFastWorld();
    const effect = { kind: 'refuseLines', every: 2, text: 'Resource type not match.' } as const;
    world.sandbox.addJobFault({ service: demoTarget, operation: 'import', count: 1, effect });
    const services = world.services();
    const handle = await services.startMigration(world.plan());
    assert.equal((await handle.stopped()).phase, 'needsAttention');
    const lines = await linesOf(handle);
    const named = lines.map(({ type, id }) => `${type}/${id ?? ''}`).sort();
    assert.deepEqual(named, missingOn(world), 'the list is the truth');
    assert.ok(lines.length > 0 && lines.every(({ reason, accepted }) => reason === 'invalid' && !accepted));
    const windows = handle.overview().windows.filter(({ failed }) => failed > 0);
    await assert.rejects(handle.acceptLines((windows[0] ?? assert.fail()).id, ' ', signal), /reason/);
    for (const { id } of windows) await handle.acceptLines(id, 'Agreed with the owner of the data', signal);
    await handle.control('resume');
    const after = await handle.stopped();
    assert.equal(after.phase, 'complete', JSON.stringify(after.attention));
    assert.equal(
      after.windows.reduce((sum, { accepted }) => sum + (accepted?.lines ?? 0), 0),
      lines.length,
    );
    assert.ok((await linesOf(handle)).every(({ accepted }) => accepted));
    const journal = await textsBelow(world.journals);
    assert.match(journal, /Agreed with the owner of the data/);
    for (const { id } of lines) assert.ok(id === undefined || !journal.includes(id), 'no id is journalled');
  });

  it('are all that a retry imports, and all that it takes', async () => {
    await using world = await openFastWorld();
    const effect = { kind: 'refuseLines', every: 2, text: 'Resource type not match.' } as const;
    world.sandbox.addJobFault({ service: demoTarget, operation: 'import', count: 1, effect });
    const handle = await world.services().startMigration(world.plan());
    assert.equal((await handle.stopped()).phase, 'needsAttention');
    await handle.control('retry');
    assertComplete(world, await handle.stopped());
    assert.deepEqual(await linesOf(handle), []);
  });
});
