import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { proofs } from './rows.ts';

describe('the catalogue of faults', () => {
  for (const { row, fault, file, title } of proofs) {
    it(`row ${row}, ${fault}, is proven by a test that is there`, async () => {
      const text = await readFile(new URL(`../${file}`, import.meta.url), 'utf8');
      assert.ok(text.includes(title), `${file} has no test "${title}"`);
    });
  }
});
