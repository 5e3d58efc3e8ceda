import assert from 'node:assert/strict';
import { manifestOf, startExport } from './exportCalls.ts';
import { Bench, version } from './fixture.ts';
import { importManifest, startImport } from './importCalls.ts';

describe('export and import together', () => {
  it('carry every version and tombstone of a gen1 service to AHDS', async () => {
    const source = await Bench.open({ flavour: 'azureApiForFhir' });
    const target = await Bench.open();
    for (let index = 0; index < 5_000; index += 1) {
      const type = ['Patient', 'Observation', 'Encounter', 'Condition'][index % 4] ?? '';
      source.put(version(`r${index}`, 1, '2024-01-01T00:00:00.123Z', { resourceType: type, value: 1 + index / 10 }));
    }
    const path = await startExport(source, '?includeAssociatedData=_history,_deleted');
    const { output } = await manifestOf(source, path);
    const inputs = output.map(({ type, url }) => ({ type, url }));
    const manifest = await importManifest(target, await startImport(target, inputs));
    assert.deepEqual(manifest.error, []);
    assert.equal(
      manifest.output.reduce((sum, { count }) => sum + count, 0),
      5_000,
    );
    for (const type of source.service.store.types()) {
      assert.deepEqual(target.service.store.versionsByTime(type), source.service.store.versionsByTime(type));
    }
  });
});
