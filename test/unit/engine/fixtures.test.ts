import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { summarize } from './fixtures/summary.ts';

const folder = new URL('fixtures/', import.meta.url);

describe('journals of every version that was released', () => {
  it('are read as they always were', async () => {
    const journals = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'));
    assert.ok(journals.length > 0);
    for (const name of journals) {
      const lines = (await readFile(new URL(name, folder), 'utf8')).split('\n').filter((line) => line !== '');
      const kept: unknown = JSON.parse(await readFile(new URL(name.replace('.ndjson', '.json'), folder), 'utf8'));
      assert.deepEqual(JSON.parse(JSON.stringify(summarize(lines))), kept, name);
    }
  });
});
