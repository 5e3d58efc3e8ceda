import assert from 'node:assert/strict';
import type { Staging } from '../../../src/azure/staging.ts';
import { stagedSide } from '../../../src/services/verify/stagedSide.ts';

const never = new AbortController().signal;
const everything = { since: undefined, till: undefined };
const line = (type: string, id: string, version: number, more = '"active":true'): string =>
  `{"resourceType":"${type}","id":"${id}","meta":{"versionId":"${version}","lastUpdated":"2026-01-0${version}T00:00:00Z"},${more}}`;
const tombstone = (id: string, version: number): string =>
  line('Patient', id, version, '"x":1').replace(
    'Z"}',
    'Z","extension":[{"url":"http://azurehealthcareapis.com/data-extensions/deleted-state"}]}',
  );

/** A staging container with files of lines, and how often each was read. */
function stagingOf(files: Readonly<Record<string, readonly string[]>>): { staging: Staging; reads: () => object } {
  const reads: Record<string, number> = {};
  const staging = {
    async *files(folder: string) {
      await Promise.resolve();
      yield Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => ({ url: path, path, bytes: 1, etag: 'e' }));
    },
    async *lines(path: string) {
      await Promise.resolve();
      reads[path] = (reads[path] ?? 0) + 1;
      for (const text of files[path] ?? []) yield { tooLong: false, text } as const;
    },
  } as unknown as Staging;
  return { staging, reads: () => reads };
}

describe('Exported files in place of a source', () => {
  const files = {
    'f/Patient-1-1.ndjson': [line('Patient', 'a', 2), line('Patient', 'b', 1), line('Patient', 'c', 1)],
    'g/Patient-2-1.ndjson': [line('Patient', 'a', 1), line('Patient', 'b', 3), tombstone('c', 4)],
    'g/Observation-2-1.ndjson': [line('Observation', 'o', 1)],
  };

  it('show the newest version of each resource, whatever the order of the files, and what was deleted', async () => {
    const { staging } = stagingOf(files);
    const { side, types } = await stagedSide(staging, ['f', 'g'], true, never);
    assert.deepEqual(types, ['Observation', 'Patient']);
    const patients = { type: 'Patient', ...everything };
    const listed = [];
    for await (const page of side.list(patients, true, never)) listed.push(...page);
    assert.deepEqual(
      listed.map(({ id, versionId }) => [id, versionId]),
      [
        ['a', '2'],
        ['b', '3'],
      ],
    );
    const [gone, unknown] = await side.read('Patient', ['c', 'd'], never);
    assert.deepEqual([gone, unknown], [{ state: 'deleted', at: Date.UTC(2026, 0, 4) }, { state: 'absent' }]);
    const third = { type: 'Patient', since: Date.UTC(2026, 0, 3), till: Date.UTC(2026, 0, 4) };
    assert.deepEqual(await side.counts([patients, third], 'current', never), [2, 1]);
    assert.deepEqual(await side.counts([patients, third], 'versions', never), [6, 1]);
    assert.deepEqual(
      (await side.versions(third, never))?.map(({ id }) => id),
      ['b'],
    );
  });

  it('are read once, however the types take turns', async () => {
    const { staging, reads } = stagingOf(files);
    const { side } = await stagedSide(staging, ['f', 'g'], false, never);
    const both = ['Patient', 'Observation'].map((type) => ({ type, ...everything }));
    for (let turn = 0; turn < 3; turn++) await side.counts(both, 'current', never);
    assert.deepEqual(new Set(Object.values(reads())), new Set([1]));
  });

  it('refuse a line that is no resource instead of leaving it out', async () => {
    for (const broken of ['no JSON', '[]', 'null', '{"id":"x"}', '{"resourceType":"Patient"}']) {
      const { staging } = stagingOf({ 'f/Patient-1-1.ndjson': [line('Patient', 'a', 1), broken] });
      const { side } = await stagedSide(staging, ['f'], false, never);
      await assert.rejects(side.counts([{ type: 'Patient', ...everything }], 'current', never), /no resource/, broken);
    }
  });
});
