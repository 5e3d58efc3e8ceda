import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource, StoredVersion } from '../../sandbox/contract.ts';
import { hl7Examples } from '../../sandbox/data/hl7Examples.ts';
import { loadSource } from '../../sandbox/data/load.ts';
import { generatePatients } from '../../sandbox/data/patients/generate.ts';
import { smallObservations } from '../../sandbox/data/small.ts';
import { resourceTypes } from '../../sandbox/fhir/resourceTypes.ts';
import { canonicalJson, isValidId, parseResource, render } from '../../sandbox/fhir/resourceText.ts';
import { createStore, type TimeOrderedStore } from '../../sandbox/fhir/store.ts';

const now = Date.UTC(2026, 9, 1);

async function loaded(...sources: readonly DataSource[]): Promise<TimeOrderedStore> {
  const store = createStore();
  for (const source of sources) await loadSource(store, source, now);
  return store;
}

function* everything(store: TimeOrderedStore): Generator<StoredVersion> {
  for (const type of store.types()) yield* store.everyVersion(type);
}

function assertSound(store: TimeOrderedStore): void {
  for (const version of everything(store)) {
    assert.ok(resourceTypes.has(version.type), version.type);
    assert.ok(isValidId(version.id), version.id);
    assert.ok(Number.isInteger(version.lastUpdated) && version.lastUpdated <= now - 60_000);
    assert.equal(version.deleted, version.method === 'DELETE');
    if (version.json.length > 50_000) continue;
    const resource = parseResource(version.json);
    assert.deepEqual([resource.type, resource.id], [version.type, version.id]);
    assert.equal(canonicalJson(resource.content, version.type, version.id), version.json, version.id);
  }
}

describe('published examples', () => {
  it('are some five thousand resources of nearly every type, spread over five years', async () => {
    const store = await loaded({ kind: 'hl7Examples' });
    const { current, versions } = store.size;
    assert.ok(current > 5_000 && current < 5_600, `${current}`);
    assert.equal(versions, current);
    assert.ok(store.types().length > 130);
    assert.deepEqual([...store.currents('SearchParameter')], []);
    assertSound(store);
    const years = [...everything(store)].map(({ lastUpdated }) => new Date(lastUpdated).getUTCFullYear());
    assert.deepEqual([...new Set(years)].sort(), [2021, 2022, 2023, 2024, 2025, 2026]);
  });

  it('keep their dates beside the time of the sandbox', () => {
    const later = [...hl7Examples(now + 5_000)].map(({ lastUpdated }) => lastUpdated - 5_000);
    assert.deepEqual(
      [...hl7Examples(now)].map(({ lastUpdated }) => lastUpdated),
      later,
    );
  });
});

describe('generated patients', () => {
  it('are sound, with changes and deletes', async () => {
    const store = await loaded({ kind: 'patients', count: 200 });
    assertSound(store);
    const { current, versions } = store.size;
    assert.ok(current > 5_000 && current < 8_000, `${current}`);
    assert.ok(versions > current * 1.05);
    const tombstones = store.types().flatMap((type) => [...store.currents(type)].filter(({ deleted }) => deleted));
    assert.ok(tombstones.length > current * 0.01 && tombstones.length < current * 0.05, `${tombstones.length}`);
  });

  it('refer to resources that exist', async () => {
    const store = await loaded({ kind: 'patients', count: 30 });
    for (const { json } of everything(store)) {
      for (const [, type = '', id = ''] of json.matchAll(/"reference":"([A-Za-z]+)\/([^"]+)"/g)) {
        assert.ok(store.current(type, id) !== undefined, `${type}/${id}`);
      }
    }
  });

  it('have versions whose dates rise with their numbers, each with other content', async () => {
    const store = await loaded({ kind: 'patients', count: 50 });
    for (const { type, id } of everything(store)) {
      const versions = store.versions(type, id);
      for (const [index, version] of versions.entries()) {
        assert.equal(version.versionId, String(index + 1));
        const before = versions[index - 1];
        assert.ok(before === undefined || before.lastUpdated < version.lastUpdated);
        assert.notEqual(before?.json, version.json);
      }
    }
  });

  it('depend on the seed alone, and keep the first when there are more', () => {
    const ids = (count: number, seed: number): readonly string[] =>
      [...generatePatients({ count, seed }, now)]
        .filter(({ type }) => type === 'Patient')
        .map((one) => JSON.stringify(one));
    assert.deepEqual(ids(10, 5), ids(10, 5));
    assert.notDeepEqual(ids(10, 5), ids(10, 6));
    assert.deepEqual(ids(20, 5).slice(0, ids(10, 5).length), ids(10, 5));
  });

  it('have numbers with trailing zeros', async () => {
    const store = await loaded({ kind: 'patients', count: 20 });
    assert.ok([...store.currents('Observation')].some(({ json }) => /"value":\d+\.\d0,/.test(json)));
  });
});

describe('other data', () => {
  it('makes small observations evenly over time', async () => {
    const store = await loaded({ kind: 'small', count: 5_000 });
    assertSound(store);
    assert.equal(store.size.current, 5_000);
    const times = [...smallObservations(5_000, 3, now)].map(({ lastUpdated }) => lastUpdated);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(times).size, 5_000);
  });

  it('holds what simple tools trip over', async () => {
    const store = await loaded({ kind: 'oddities' });
    assertSound(store);
    const datesOf = (id: string): readonly number[] =>
      store.versions('Basic', id).map(({ lastUpdated }) => lastUpdated);
    const [first = 0, second = 0] = datesOf('equal-dates');
    assert.equal(first, second);
    const [earlier = 0, later = 0] = datesOf('inverted-dates');
    assert.ok(earlier > later);
    assert.ok(store.current('Basic', 'Case') !== undefined && store.current('Basic', 'case') !== undefined);
    assert.ok(store.current('Basic', 'only-tombstone')?.deleted);
    assert.match(
      store.current('Observation', 'exact-numbers')?.json ?? '',
      /"value":0\.10,.*"value":12345678901234567\.890/,
    );
  });

  it('comes back from the lines of an export', async () => {
    const source = await loaded({ kind: 'patients', count: 5 }, { kind: 'oddities' });
    const deletedState =
      '"extension":[{"url":"http://azurehealthcareapis.com/data-extensions/deleted-state","valueString":"soft-deleted"}]';
    const lines = [...everything(source)].map((version) =>
      version.deleted ? render(version).replace('"meta":{', `"meta":{${deletedState},`) : render(version),
    );
    const folder = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
    try {
      const file = path.join(folder, 'all.ndjson');
      await writeFile(file, `${lines.join('\r\n')}\r\n\n`);
      const copy = await loaded({ kind: 'ndjson', files: [file] });
      const texts = (store: TimeOrderedStore): readonly string[] =>
        [...everything(store)].map((version) => JSON.stringify(version)).sort();
      assert.deepEqual(texts(copy), texts(source));
      await writeFile(file, 'nonsense\n');
      await assert.rejects(loaded({ kind: 'ndjson', files: [file] }), /all\.ndjson:1 is not a resource/);
      await writeFile(file, '{"resourceType":"Basic"}\n');
      await assert.rejects(loaded({ kind: 'ndjson', files: [file] }), /all\.ndjson:1 has no valid id/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
