import assert from 'node:assert/strict';
import fc from 'fast-check';
import { operationId, windowId } from '../../../src/engine/ids.ts';
import { importJobs, type PendingPart } from '../../../src/engine/imports/importJobs.ts';
import {
  accountImport,
  filesOfPart,
  importRequest,
  unitBytes,
  type ListedFile,
} from '../../../src/engine/imports/importList.ts';
import { judge, mayBeTaken } from '../../../src/engine/imports/judge.ts';
import type { HeldVersion, RefusedLine } from '../../../src/engine/ports.ts';

function part(more: Partial<PendingPart> & { readonly window?: string; readonly index?: number } = {}): PendingPart {
  const { window = 'w0001', index = 0, ...rest } = more;
  return {
    ref: { window: windowId(window), operation: operationId('e0001-1'), part: index },
    round: 0,
    type: 'Patient',
    files: 1,
    resources: 100,
    bytes: 70_000,
    since: 0,
    failures: 0,
    ...rest,
  };
}

const parts = fc.array(
  fc.record({
    type: fc.constantFrom('Patient', 'Observation', 'Encounter', 'Claim'),
    round: fc.integer({ min: 0, max: 1 }),
    files: fc.integer({ min: 1, max: 50 }),
    resources: fc.integer({ min: 1, max: 60_000 }),
    since: fc.integer({ min: 0, max: 5 }),
    failures: fc.constantFrom(0, 0, 0, 1, 2),
  }),
  { maxLength: 40 },
);

describe('import jobs', () => {
  it('take every part at most once, within slots and files, and never mix rounds', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 50, max: 200 }), (drawn, slots, most) => {
        const pending = drawn.map((more, index) => part({ ...more, window: `w${index}`, bytes: more.resources * 700 }));
        const jobs = importJobs(pending, slots, most);
        assert.ok(jobs.length <= slots);
        if (pending.length > 0 && slots > 0) assert.ok(jobs.length > 0, 'starts at once');
        const byWindow = new Map(pending.map((entry) => [entry.ref.window, entry]));
        const taken = new Set<string>();
        for (const job of jobs) {
          assert.ok(job.length > 0);
          let files = 0;
          const rounds = new Set<number>();
          for (const ref of job) {
            assert.ok(!taken.has(ref.window));
            taken.add(ref.window);
            files += byWindow.get(ref.window)?.files ?? 0;
            rounds.add(byWindow.get(ref.window)?.round ?? -1);
          }
          assert.ok(files <= most);
          assert.equal(rounds.size, 1);
        }
      }),
    );
  });

  it('give a type with much pending a job of its own and let small types share one', () => {
    const pending = [
      part({ window: 'w1', type: 'Observation', resources: 15_000 }),
      part({ window: 'w2', type: 'Observation', resources: 15_000 }),
      part({ window: 'w3', type: 'Patient' }),
      part({ window: 'w4', type: 'Encounter' }),
    ];
    const jobs = importJobs(pending, 2, 10_000).map((job) => job.map(({ window }) => window));
    assert.deepEqual(jobs.map((job) => [...job].sort()).sort(), [
      ['w1', 'w2'],
      ['w3', 'w4'],
    ]);
  });

  it('are halved into free slots only while both halves are of good size', () => {
    const large = [1, 2, 3, 4].map((index) => part({ window: `w${index}`, resources: 25_000 }));
    assert.equal(importJobs(large, 5, 10_000).length, 4);
    const medium = [1, 2, 3, 4].map((index) => part({ window: `w${index}`, resources: 9_000 }));
    assert.equal(importJobs(medium, 5, 10_000).length, 1);
  });

  it('keep apart what failed, window by window from the second time on', () => {
    const pending = [
      part({ window: 'w1' }),
      part({ window: 'w2', failures: 1 }),
      part({ window: 'w3', failures: 2 }),
      part({ window: 'w4', failures: 2 }),
    ];
    assert.equal(importJobs(pending, 5, 10_000).length, 4);
  });
});

const file = (name: string, count: number, index = 0): ListedFile => ({
  type: 'Patient',
  url: `https://s.blob.core.windows.net/migration/f/${name}`,
  etag: '0x1',
  count,
  part: index,
});

describe('the body of an import', () => {
  const files = Array.from({ length: 5 }, (_, index) => ({ ...file(`p${index}.ndjson`, 3), bytes: 10 }));

  it('lists a part’s files with type and ETag, the same every time', () => {
    const list = filesOfPart(files, { from: 1, files: 2 }, 0);
    assert.deepEqual(
      list.map(({ url }) => url.slice(-9)),
      ['p1.ndjson', 'p2.ndjson'],
    );
    const body = JSON.stringify(importRequest(list, 'errors', undefined));
    assert.equal(
      body,
      JSON.stringify(importRequest(filesOfPart(files, { from: 1, files: 2 }, 0), 'errors', undefined)),
    );
    assert.ok(!body.includes('processingUnitBytesToRead'));
  });

  it('is another definition with every attempt', () => {
    const units = Array.from({ length: 12 }, (_, index) => unitBytes(index + 1));
    assert.equal(units[0], undefined);
    assert.equal(new Set(units).size, units.length);
  });
});

describe('accounting for an import', () => {
  const refs = [0, 1].map((index) => ({ window: windowId('w1'), operation: operationId('e1-1'), part: index }));

  it('sums loaded and refused lines over all units of a file', () => {
    const list = [file('a.ndjson', 10), file('b.ndjson', 4, 1)];
    const at = (name: string, count: number): { inputUrl: string; type: string; count: number; url: string } => ({
      inputUrl: file(name, 0).url,
      type: 'Patient',
      count,
      url: 'https://s.blob.core.windows.net/errors/e.ndjson',
    });
    const { parts: results, refused } = accountImport(refs, list, {
      output: [at('a.ndjson', 3), at('a.ndjson', 5), at('b.ndjson', 4)],
      error: [at('a.ndjson', 1), at('a.ndjson', 1)],
    });
    assert.deepEqual(
      results.map(({ imported, refused: lines, unaccounted }) => [imported, lines, unaccounted]),
      [
        [8, 2, 0],
        [4, 0, 0],
      ],
    );
    assert.deepEqual(
      refused.map(({ part: index, count }) => [index, count]),
      [
        [0, 1],
        [0, 1],
      ],
    );
  });

  it('never lets one file’s surplus make up for another’s loss', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 1, maxLength: 10 }), (pairs) => {
        const list = pairs.map(([count], index) => file(`f${index}.ndjson`, count));
        const output = pairs.map(([, loaded], index) => ({
          inputUrl: file(`f${index}.ndjson`, 0).url,
          type: 'Patient',
          count: loaded,
        }));
        const { parts: results } = accountImport(refs.slice(0, 1), list, { output, error: [] });
        const lost = pairs.reduce((sum, [count, loaded]) => sum + Math.max(0, count - loaded), 0);
        assert.equal(results[0]?.unaccounted, lost);
      }),
    );
  });
});

describe('judging a refused line', () => {
  const line = (more: Partial<RefusedLine>): RefusedLine => ({
    reason: 'conflict',
    type: 'Patient',
    id: 'p1',
    versionId: '2',
    lastUpdated: 2_000,
    ...more,
  });
  const held = (...versions: readonly (readonly [string, number])[]): readonly HeldVersion[] =>
    versions.map(([versionId, lastUpdated]) => ({ versionId, lastUpdated, deleted: false }));

  it('finds the version that the target holds already', () => {
    assert.equal(judge(line({}), held(['3', 3_000], ['2', 2_000])), 'alreadyThere');
    assert.equal(judge(line({ reason: 'duplicate' }), held(['2', 2_000])), 'alreadyThere');
  });

  it('finds versions that cannot stand beside a newer one because of equal or inverted dates', () => {
    assert.equal(judge(line({ reason: 'duplicate' }), held(['3', 2_000])), 'superseded');
    assert.equal(judge(line({}), held(['3', 1_500])), 'superseded');
    assert.equal(judge(line({}), held(['4', 9_000], ['1', 3_000])), 'superseded');
  });

  it('counts as lost what the target does not hold, or holds from somebody else', () => {
    assert.equal(judge(line({}), []), 'failed');
    assert.equal(judge(line({}), held(['1', 1_000])), 'failed');
    assert.equal(judge(line({}), held(['1', 3_000])), 'failed');
    assert.equal(judge(line({}), held(['3', 9_000], ['2', 8_000], ['1', 7_000])), 'failed');
  });

  it('leaves a definition that was written to the target before the data in its place', () => {
    const definition = line({ type: 'ValueSet' });
    assert.equal(judge(definition, held(['1', 9_000])), 'superseded');
    assert.equal(judge(definition, held(['2', 9_000], ['1', 8_000])), 'superseded');
    assert.equal(judge(definition, held(['2', 9_000], ['1', 1_000])), 'failed');
    assert.equal(judge(definition, []), 'failed');
    assert.equal(judge(line({ type: 'Patient' }), held(['1', 9_000])), 'failed');
  });

  it('counts a line that was refused for itself as lost, unless the target got that version since', () => {
    for (const reason of ['invalid', 'tooLarge', 'searchParameter', 'unknown', 'future'] as const) {
      assert.equal(judge(line({ reason }), held(['3', 1_500])), 'failed');
      assert.equal(judge(line({ reason }), held(['2', 2_000])), 'alreadyThere');
    }
    const undated: RefusedLine = { reason: 'conflict', type: 'Patient', id: 'p1', versionId: '2' };
    assert.equal(judge(undated, held(['2', 2_000])), 'failed');
  });

  it('tries those again that another import may take', () => {
    for (const reason of ['tooLarge', 'unknown', 'future'] as const) assert.ok(mayBeTaken(line({ reason }), []));
    for (const reason of ['invalid', 'searchParameter'] as const) assert.ok(!mayBeTaken(line({ reason }), []));
    assert.ok(mayBeTaken(line({}), []));
    assert.ok(mayBeTaken(line({ reason: 'duplicate' }), held(['1', 1_000], ['3', 3_000])));
    assert.ok(!mayBeTaken(line({}), held(['2', 1_000])), 'the number is taken');
    assert.ok(!mayBeTaken(line({}), held(['1', 2_000])), 'the date is taken');
    assert.ok(!mayBeTaken(line({}), held(['1', 9_000])), 'number and date are inverted');
  });

  it('tells a version that is not a number by its date', () => {
    assert.equal(judge(line({ versionId: 'W/"ab"' }), held(['1', 2_000])), 'alreadyThere');
    assert.equal(judge(line({ versionId: 'W/"ab"' }), held(['1', 2_001])), 'failed');
  });
});
