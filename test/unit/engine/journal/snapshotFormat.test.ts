import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { FailureError } from '../../../../src/failure/failure.ts';
import { decide } from '../../../../src/engine/decide/decide.ts';
import { noObservations } from '../../../../src/engine/decide/observations.ts';
import { decodeEvent } from '../../../../src/engine/journal/eventFormat.ts';
import { decodeSnapshot, encodeSnapshot } from '../../../../src/engine/journal/snapshotFormat.ts';
import { checkShown } from '../../../../src/engine/journal/readJournal.ts';
import { overview } from '../../../../src/engine/overview.ts';
import { fold } from '../../../../src/engine/state/apply.ts';

const folder = new URL('../fixtures/snapshots/', import.meta.url);

interface Kept {
  readonly snapshot: unknown;
  readonly records: readonly unknown[];
  readonly summary: Readonly<Record<string, unknown>>;
}

async function kept(): Promise<readonly Kept[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(new URL(name, folder), 'utf8')) as Kept));
}

describe('snapshots of every version that was released', () => {
  it('are read as they always were, and gone on from', async () => {
    const all = await kept();
    assert.ok(all.length > 0);
    for (const { snapshot, records, summary } of all) {
      const start = decodeSnapshot(JSON.stringify(snapshot));
      const state = fold(
        start,
        records.map((record, index) => decodeEvent(JSON.stringify(record), index + 1)),
      );
      assert.ok(state !== undefined);
      const seen = overview(state, noObservations, 0);
      assert.deepEqual(
        seen.windows.map(({ id, state: step, attempts, exported }) => [id, step, attempts, exported]),
        summary.windows,
      );
      for (const name of ['id', 'phase', 'watermark', 'totals', 'notes', 'journalLength'] as const)
        assert.deepEqual(JSON.parse(JSON.stringify(seen[name] ?? null)), summary[name] ?? null, name);
      decide(state, noObservations, Date.UTC(2027, 0, 1));
      assert.equal(encodeSnapshot(decodeSnapshot(encodeSnapshot(state))), encodeSnapshot(state));
    }
  });
});

describe('a snapshot that others can write', () => {
  it('is refused, or shown and gone on from without an error, whatever is put in any place of it', async () => {
    const all = (await kept()).map(({ snapshot }) => {
      const text = JSON.stringify(snapshot);
      return { text, places: [...text.matchAll(/(?<=:)(?:"[^"]*"|-?\d+|true|false|null|\[[^[\]{}]*\]|\{\})/g)] };
    });
    const hostile = ['null', 'true', '-1', '"x"', '"__proto__"', '[]', '{}', '[[1]]', '{"__proto__":1}', '{"#map":[]}'];
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.constantFrom(...hostile), (which, at, value) => {
        const { text, places } = all[which % all.length] ?? assert.fail();
        const place = places[at % places.length];
        if (place === undefined) return;
        const changed = text.slice(0, place.index) + value + text.slice(place.index + place[0].length);
        try {
          const state = decodeSnapshot(changed);
          checkShown(state);
          overview(state, noObservations, Date.UTC(2026, 5, 1));
        } catch (error) {
          assert.ok(FailureError.is(error, 'journal'), `${place[0]} → ${value}: ${String(error)}`);
        }
      }),
      { numRuns: 1_600 },
    );
  });
});
