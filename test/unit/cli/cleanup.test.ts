import assert from 'node:assert/strict';
import { exitCodes } from '../../../src/cli/exitCodes.ts';
import { UsageError } from '../../../src/cli/session.ts';
import type { CleanupItem } from '../../../src/cutover/cleanupPlan.ts';
import type { CleanupResult } from '../../../src/services/cleanup/contract.ts';
import type { Services } from '../../../src/services/contract.ts';
import { fakeServices, handleOf, overviewOf } from './fakeServices.ts';
import { run } from './runCommand.ts';

const item = (kind: CleanupItem['kind'], change: Partial<CleanupItem> = {}): CleanupItem => ({
  id: `${kind}:x`,
  kind,
  title: `The ${kind}`,
  container: 'migration',
  files: 2,
  bytes: 2_000,
  leased: 0,
  immutable: 0,
  blocked: undefined,
  ...change,
});
const result: CleanupResult = {
  record: {
    blobs: 2,
    bytes: 2_000,
    errorFiles: 0,
    containers: [],
    changes: [],
    kept: {},
    digest: 'd'.repeat(64),
    proved: true,
  },
  kept: [],
  failures: [],
};
const all = (['exportFolder', 'errorFiles', 'container', 'change'] as const).map((kind) => item(kind));

function services(items: readonly CleanupItem[], answer: CleanupResult = result) {
  const removed: (readonly string[])[] = [];
  const given: Partial<Services> = {
    listMigrations: () => Promise.resolve([handleOf(overviewOf())]),
    cleanup: {
      ...fakeServices({}).cleanup,
      review: () => Promise.resolve({ items, warnings: [] }),
      remove: (_, ids) => {
        removed.push(ids);
        return Promise.resolve(answer);
      },
      decommission: () =>
        Promise.resolve([{ id: 'a', title: 'A', state: 'unknown' as const, evidence: 'Nobody knows.', at: 1 }]),
    },
  };
  return { given, removed };
}

describe('fhir-migration cleanup', () => {
  it('deletes nothing unasked, and says what could go', async () => {
    const { given, removed } = services([...all, item('container', { id: 'b', blocked: 'It holds more.' })]);
    for (const words of [['cleanup'], ['cleanup', '--what-if']]) {
      const { code, out } = await run(given, words);
      assert.equal(code, exitCodes.needsAttention);
      assert.match(out, /can go +The exportFolder +2 files, 2 KB\n/);
      assert.match(out, /stays +The container.*It holds more\./);
    }
    assert.deepEqual(removed, []);
    await assert.rejects(run(given, ['cleanup', '--what-if', '--yes']), UsageError);
  });

  it('deletes files and containers, and puts settings back only by name', async () => {
    const { given, removed } = services(all);
    assert.equal((await run(given, ['cleanup', '--yes'])).code, exitCodes.success);
    assert.equal((await run(given, ['cleanup', '--yes', '--only', 'changes'])).code, exitCodes.success);
    assert.deepEqual(removed, [['exportFolder:x', 'errorFiles:x', 'container:x'], ['change:x']]);
    await assert.rejects(run(given, ['cleanup', '--yes', '--only', 'everything']), UsageError);
  });

  it('ends with 1 when something is kept, 2 when something failed, 0 when nothing is left', async () => {
    const kept = { ...result, kept: [{ container: 'migration', path: 'a/b.ndjson', reason: 'leased' }] };
    const first = await run(services(all, kept).given, ['cleanup', '--yes']);
    assert.equal(first.code, exitCodes.needsAttention);
    assert.match(first.out, /Still there: migration\/a\/b\.ndjson \(somebody holds a lease\)/);
    const failed = { ...result, failures: [{ kind: 'forbidden', message: 'No.' } as const] };
    assert.equal((await run(services(all, failed).given, ['cleanup', '--yes'])).code, exitCodes.failed);
    assert.equal((await run(services([]).given, ['cleanup'])).code, exitCodes.success);
  });

  it('shows the checklist of the source, which is not good while something is unknown', async () => {
    const { code, out } = await run(services(all).given, ['cleanup', '--decommission']);
    assert.equal(code, exitCodes.needsAttention);
    assert.match(out, /unknown +A\n +Nobody knows\./);
  });
});
