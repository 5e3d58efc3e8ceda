import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type BlobRemoval, removalOf, type StagedBlob } from '../../../src/azure/stagedBlobs.ts';
import { cleanupItems, type CleanupFacts, isExportFolder } from '../../../src/cutover/cleanupPlan.ts';
import { decommissionItems } from '../../../src/cutover/decommission.ts';
import { digestOf, removeFiles } from '../../../src/services/cleanup/removeFiles.ts';
import { signedOff, wholeOverview } from '../report/facts.ts';
import { overview } from '../ui/samples.ts';

const never = new AbortController().signal;
const container = { name: 'migration', changedAt: 5_000, kept: false, madeHere: false, foreign: 0, usedBy: [] };
const facts = (change: Partial<CleanupFacts> = {}): CleanupFacts => ({
  overview: overview({ phase: 'complete', createdAt: 1_000 }),
  driven: false,
  folders: [{ container: 'migration', name: '20260504T101112-42', files: 3, bytes: 30, leased: 1, immutable: 0 }],
  retried: [],
  errorFiles: [],
  containers: [container],
  changes: [],
  ...change,
});
const blocked = (change: Partial<CleanupFacts>): readonly (string | undefined)[] =>
  cleanupItems(facts(change)).map((item) => item.blocked);

describe('What a clean-up offers', () => {
  it('is nothing while the migration runs or is not over', () => {
    assert.deepEqual(blocked({}), [undefined, undefined]);
    assert.ok(blocked({ driven: true }).every((reason) => reason !== undefined));
    for (const phase of ['paused', 'needsAttention', 'syncing', 'planned'] as const)
      assert.ok(
        blocked({ overview: overview({ phase }) }).every((reason) => reason !== undefined),
        phase,
      );
  });

  it('leaves containers that were there before, hold something else, or are used by others', () => {
    const reason = (change: Partial<typeof container> & { usedBy?: readonly string[] }): string | undefined =>
      cleanupItems(facts({ folders: [], containers: [{ ...container, ...change }] }))[0]?.blocked;
    assert.equal(reason({}), undefined);
    assert.match(reason({ changedAt: 0 }) ?? '', /before the migration/);
    assert.equal(reason({ changedAt: 0, madeHere: true }), undefined);
    assert.match(reason({ foreign: 1, madeHere: true }) ?? '', /holds 1 other/);
    assert.match(reason({ usedBy: ['other'] as never[], madeHere: true }) ?? '', /other/);
  });

  it('never takes a name for an export folder that an export does not make', () => {
    assert.equal(isExportFolder('20260504T101112-42'), true);
    for (const name of [
      '',
      '/',
      '..',
      'a',
      '20260504T101112-',
      '20260504T101112-..',
      '20260504T101112-4/2',
      'somebody',
    ])
      assert.equal(isExportFolder(name), false, name);
    fc.assert(
      fc.property(fc.string(), (name) => {
        if (isExportFolder(name)) assert.match(name, /^\d{8}T\d{6}-[A-Za-z0-9._-]+$/);
      }),
    );
  });

  it('takes carried-over settings for a part of the target, and those of the preparation for its own', () => {
    const record = (id: string) => ({
      id,
      at: 1,
      pair: { source: 'a', target: 'b' },
      state: 'done' as const,
      change: {
        kind: 'settings',
        id,
        title: id,
        resourceId: '/r',
        resourceName: 'r',
        tenantId: undefined,
        edits: [],
        before: [],
      } as const,
    });
    const items = cleanupItems(facts({ changes: [record('target.import'), record('corsConfiguration')] }));
    assert.deepEqual(
      items.filter(({ kind }) => kind === 'change').map(({ title }) => title),
      ['target.import'],
    );
  });
});

describe('Deleting staged files', () => {
  const file = (path: string): StagedBlob => ({
    container: 'c',
    path,
    bytes: 1,
    etag: '1',
    leased: false,
    immutable: false,
  });
  const outcomes = fc.constantFrom<BlobRemoval>(
    'deleted',
    'gone',
    'leased',
    'immutable',
    'changed',
    'forbidden',
    'failed',
  );

  it('tells of every file what became of it, tries only leased ones again, and names no other file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), outcomes, outcomes), { selector: ([path]) => path }),
        async (answers) => {
          const asked = new Map<string, number>();
          const remove = ({ path }: { path: string }): Promise<BlobRemoval> => {
            const turn = asked.get(path) ?? 0;
            asked.set(path, turn + 1);
            const answer = answers.find(([name]) => name === path);
            return Promise.resolve(answer?.[turn === 0 ? 1 : 2] ?? 'failed');
          };
          const files = answers.map(([path]) => file(path));
          const result = await removeFiles({ remove }, files, [() => Promise.resolve()], () => undefined, never);
          for (const [path, first, second] of answers) {
            assert.equal(asked.get(path), first === 'leased' ? 2 : 1);
            const last = first === 'leased' ? second : first;
            assert.equal(
              result.deleted.some((each) => each.path === path),
              last === 'deleted',
            );
            assert.equal(
              result.kept.find((each) => each.path === path)?.reason,
              last === 'deleted' || last === 'gone' ? undefined : last,
            );
          }
          assert.equal(asked.size, answers.length);
        },
      ),
    );
  });

  it('takes directories after what lies in them, and stops when it is cancelled', async () => {
    const order: string[] = [];
    const abort = new AbortController();
    const remove = ({ path }: { path: string }): Promise<BlobRemoval> => {
      order.push(path);
      return Promise.resolve('deleted');
    };
    await removeFiles({ remove }, [file('a'), file('a/b'), file('a/b/c')], [], () => undefined, abort.signal);
    assert.deepEqual(order, ['a/b/c', 'a/b', 'a']);
    abort.abort();
    await assert.rejects(removeFiles({ remove }, [file('d')], [], () => undefined, abort.signal));
    assert.equal(order.length, 3);
  });

  it('reads the codes of the storage service', () => {
    const of = (status: number, code: string, kind = 'conflict' as const) =>
      removalOf({ kind, message: '', status, code });
    assert.equal(of(412, 'LeaseIdMissing'), 'leased');
    assert.equal(of(412, 'ConditionNotMet'), 'changed');
    assert.equal(of(409, 'BlobImmutableDueToPolicy'), 'immutable');
    assert.equal(of(409, 'SnapshotsPresent'), 'failed');
    assert.equal(removalOf({ kind: 'notFound', message: '' }), 'gone');
    assert.equal(removalOf({ kind: 'forbidden', message: '', status: 403 }), 'forbidden');
  });

  it('gives a digest that does not depend on the order', () => {
    assert.equal(digestOf([file('a'), file('b')]), digestOf([file('b'), file('a')]));
    assert.notEqual(digestOf([file('a')]), digestOf([{ ...file('a'), etag: '2' }]));
  });
});

describe('The checklist for a source', () => {
  const state = (
    lastWrite: Parameters<typeof decommissionItems>[1]['lastWrite'],
    change: Parameters<typeof wholeOverview>[0] = {},
  ) =>
    decommissionItems(wholeOverview(change), { lastWrite, requests: 0 }, 9).find(({ id }) => id === 'lastWrite')?.state;

  it('takes only a last write that is not after the cutover for proof', () => {
    assert.equal(state({ at: signedOff.cutoverAt }), 'done');
    assert.equal(state({ at: signedOff.cutoverAt + 1 }), 'open');
    assert.equal(state({ retired: true }), 'done');
    assert.equal(state('Unknown: it does not answer.'), 'unknown');
    assert.equal(state({ at: 1 }, { cutover: undefined, finish: undefined }), 'unknown');
  });

  it('never does what only a person may do', () => {
    const items = decommissionItems(wholeOverview(), { lastWrite: { at: 1 }, requests: 'Unknown: no.' }, 9);
    assert.deepEqual(
      items.filter((item) => item.state === 'byHand').map(({ id }) => id),
      ['report', 'retention', 'delete'],
    );
    assert.equal(items.find(({ id }) => id === 'requests')?.state, 'unknown');
  });
});
