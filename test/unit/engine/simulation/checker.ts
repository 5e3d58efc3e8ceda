import assert from 'node:assert/strict';
import { decodeEvent } from '../../../../src/engine/journal/eventFormat.ts';
import { readJournal } from '../../../../src/engine/journal/readJournal.ts';
import { encodeSnapshot } from '../../../../src/engine/journal/snapshotFormat.ts';
import type { StoredRecord } from '../../../../src/engine/ports.ts';
import { overview } from '../../../../src/engine/overview.ts';
import { noObservations } from '../../../../src/engine/decide/observations.ts';
import type { Runner } from '../../../../src/engine/run/runner.ts';
import type { MigrationState } from '../../../../src/engine/state/state.ts';
import { sourceUrl } from './sourceModel.ts';
import type { World } from './world.ts';

/**
 * Invariants of the reference's fault catalogue, checked against what both services really hold. `effective`: a deletion
 * of something that never reached the target may be missing there.
 */
export async function check(
  world: World,
  runner: Pick<Runner, 'state'>,
  deletions: 'exact' | 'effective' = 'exact',
): Promise<void> {
  checkData(world, deletions);
  checkAccounts(runner, world);
  await checkJobs(world);
  const { state } = await readJournal(world.store());
  assert.deepEqual(plain(state), plain(runner.state), 'I8: replay equals life');
}

/** I1: what the source holds is on the target, and nothing else. */
export function checkData(world: World, deletions: 'exact' | 'effective' = 'exact'): void {
  const { history, softDeleted } = world.plan.scope;
  for (const versions of world.source.store.everything()) {
    const current = versions.at(-1);
    if (current === undefined) continue;
    const held = world.target.store.versions(current.type, current.id);
    const wanted = history ? versions : [current];
    for (const version of wanted) {
      if (version.deleted && !softDeleted) continue;
      if (version.deleted && deletions === 'effective' && held.at(-1)?.deleted !== false) continue;
      const found = held.find((other) => other.version === version.version);
      assert.deepEqual(found, version, `I1: ${version.type}/${version.id} version ${version.version}`);
    }
    for (const other of held) {
      assert.deepEqual(
        other,
        versions.find(({ version }) => version === other.version),
        'I1: only the source’s versions',
      );
    }
  }
  for (const versions of world.target.store.everything()) {
    const [first] = versions;
    assert.ok(
      first !== undefined && world.source.store.current(first.type, first.id) !== undefined,
      'I1: nothing else',
    );
  }
}

/** I2: every exported line is imported, or already there. */
function checkAccounts(runner: Pick<Runner, 'state'>, world: World): void {
  const seen = overview(runner.state, noObservations, world.clock.now());
  for (const [type, totals] of Object.entries(seen.totals)) {
    assert.equal(totals.failed, 0, `I2: ${type} failed`);
    assert.equal(totals.unaccounted, 0, `I2: ${type} unaccounted`);
    assert.equal(totals.imported + totals.alreadyThere, totals.exported, `I2: ${type} accounted`);
  }
}

/** I3: no job that the journal does not know; at most one more export for each kill or lost answer. */
async function checkJobs(world: World): Promise<void> {
  const exports = new Set<string>();
  const imports = new Set<string>();
  for (const { sequence, text } of await recordsOf(world)) {
    const event = decodeEvent(text, sequence);
    if (event.kind === 'exportAccepted' || event.kind === 'exportCandidate') exports.add(event.jobId);
    if (event.kind === 'orphansChecked') for (const { jobId } of event.orphans) exports.add(jobId);
    if (event.kind === 'importAccepted') imports.add(event.jobId);
  }
  for (const job of world.source.jobs) {
    // An export without a file leaves no trace to be found by, and a forgotten one cannot be asked.
    if (job.output.length > 0 && job.state !== 'forgotten')
      assert.ok(exports.has(job.id), `I3: export ${job.id} of ${sourceUrl} is not in the journal`);
    assert.notEqual(job.state, 'running', `I3: export ${job.id} still runs`);
  }
  for (const job of world.target.jobs) {
    assert.ok(imports.has(job.id), `I3: import ${job.id} is not in the journal`);
    assert.notEqual(job.state, 'running', `I3: import ${job.id} still runs`);
  }
}

/** Every record; a journal in memory keeps those that a snapshot stands for, too. */
async function recordsOf(world: World): Promise<readonly StoredRecord[]> {
  const store = world.store();
  return store === world.journal ? world.journal.records : (await store.read()).records;
}

/** A state as data that can be compared: a snapshot leaves out what is undefined. */
export function plain(state: MigrationState): unknown {
  return JSON.parse(encodeSnapshot(state));
}
