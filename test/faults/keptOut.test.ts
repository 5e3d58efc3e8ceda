import assert from 'node:assert/strict';
import type { Failure } from '../../src/failure/failure.ts';
import { overview } from '../../src/engine/overview.ts';
import { stagedSide } from '../../src/services/verify/stagedSide.ts';
import { fakeAccount, storageError } from '../unit/azure/fakeBlobs.ts';
import { check } from '../unit/engine/simulation/checker.ts';
import type { Effect, Trouble } from '../unit/engine/simulation/effects.ts';
import { scripted, type ScriptOptions } from '../unit/engine/simulation/script.ts';
import { minute, type World } from '../unit/engine/simulation/world.ts';
import { failureOf, never } from '../unit/http/fakeHttp.ts';

const refused: Failure = {
  kind: 'forbidden',
  status: 403,
  code: 'AuthorizationFailure',
  message: 'Listing exported files failed: staging answered 403.',
  service: 'staging',
};
const readsStaging = new Set(['list folders', 'list files', 'read errors', 'read marks', 'stage lines']);

/** A staging account that the services reach, and this machine does not. */
function behindFirewall(options: ScriptOptions): World {
  const { trouble } = options;
  return scripted({
    ...options,
    trouble: (effect: Effect): Trouble | undefined =>
      readsStaging.has(effect.name) ? { kind: 'refuse', failure: refused } : trouble?.(effect),
  });
}

describe('a firewall that lets both services to the staging account, but not this machine', () => {
  for (const flavour of ['azureApiForFhir', 'ahds'] as const) {
    it(`does not keep anything from being migrated (${flavour})`, async () => {
      const world = behindFirewall({
        flavour,
        exports: { duration: () => 4 * minute },
        // What an import that fails was about is exported again, since nobody can tell whether its files are whole.
        imports: {
          fate: (job) =>
            job === 2 ? { kind: 'fail', failure: { kind: 'rejected', status: 400, message: 'no' } } : undefined,
        },
      });
      await world.create();
      const runner = await world.drive();
      const seen = overview(runner.state, runner.observations(), world.clock.now());
      assert.equal(seen.phase, 'complete', JSON.stringify(seen.attention));
      assert.ok(world.target.jobs.every(({ request }) => request.files.every(({ etag }) => etag === undefined)));
      assert.ok(seen.notes.some((note) => /keeps this machine out.*without a check/.test(note)));
      await check(world, runner);
    });
  }

  it('costs at most one export more for each whose answer was lost', async () => {
    let starts = 0;
    const world = behindFirewall({
      flavour: 'ahds',
      changes: 0,
      trouble: ({ name }) => (name === 'start export' && ++starts === 2 ? { kind: 'lostReply' } : undefined),
    });
    await world.create();
    const runner = await world.drive();
    const seen = overview(runner.state, runner.observations(), world.clock.now());
    assert.equal(seen.phase, 'complete');
    assert.equal(world.source.jobs.length, seen.windows.length + 1);
    for (const [current] of [...world.source.store.everything()].map((versions) => versions.slice(-1))) {
      assert.deepEqual(current && world.target.store.current(current.type, current.id), current);
    }
  });

  it('leaves refused lines for somebody to decide, and moves the rest', async () => {
    const world = behindFirewall({
      flavour: 'ahds',
      changes: 0,
      imports: { fate: (job) => (job === 2 ? { kind: 'refuseLines', every: 4 } : undefined) },
    });
    await world.create();
    const runner = await world.drive();
    const seen = overview(runner.state, runner.observations(), world.clock.now());
    assert.equal(seen.phase, 'needsAttention');
    assert.match(seen.attention[0]?.failure.message ?? '', /lines were refused/);
    assert.ok(seen.windows.filter(({ state }) => state === 'done').length >= seen.windows.length - 1);
  });

  it('is named as the reason why exported files cannot be verified from here', async () => {
    const { staging } = fakeAccount(() => storageError(403, 'AuthorizationFailure', 'This request is not authorized.'));
    const failure = await failureOf(stagedSide(staging, ['20260504T101112-42'], false, never));
    assert.equal(failure.code, 'AuthorizationFailure');
    assert.match(failure.nextStep ?? '', /firewall of the staging account/);
    const container = await failureOf(staging.containerState(never));
    assert.equal(container.code, 'AuthorizationFailure');
  });
});
