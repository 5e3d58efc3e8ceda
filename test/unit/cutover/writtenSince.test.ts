import assert from 'node:assert/strict';
import { isBundleName } from '../../../src/cutover/returnBundles.ts';
import { writtenSince } from '../../../src/services/cutover/writtenSince.ts';
import { endpoint, fakeFhir } from '../fhir/fakeFhir.ts';
import { never } from '../http/fakeHttp.ts';
import { wholeOverview } from '../report/facts.ts';

const pages = 100;
const perPage = 200;
const filler = 'x'.repeat(1_000);

/** A page of a history, newest first: every tenth version is a deletion, every seventh an older version of the one before. */
function pageOf(page: number): object {
  const entry = Array.from({ length: perPage }, (_, index) => {
    const number = page * perPage + index;
    const id = `p${number % 7 === 6 ? number - 1 : number}`;
    const url = `Patient/${id}`;
    return number % 10 === 0
      ? { request: { method: 'DELETE', url }, resource: { resourceType: 'Patient', id } }
      : { request: { method: 'PUT', url }, resource: { resourceType: 'Patient', id, text: filler } };
  });
  const next = { relation: 'next', url: `${endpoint}/_history?ct=${page + 1}` };
  return { resourceType: 'Bundle', type: 'history', link: page + 1 < pages ? [next] : [], entry };
}

describe('What was written on the target since the cutover', () => {
  it('is handed over page by page: nothing more is read before the bundles of a page are taken', async () => {
    const { client, http } = fakeFhir((_, index) => ({ json: pageOf(index) }));
    const taken: { readonly name: string; readonly after: number; readonly entries: number }[] = [];
    const found = await writtenSince(
      wholeOverview(),
      client,
      async (name, text) => {
        await new Promise((resolve) => setImmediate(resolve));
        const { entry } = JSON.parse(text) as { readonly entry: readonly unknown[] };
        taken.push({ name, after: http.sent.length, entries: entry.length });
      },
      never,
    );
    const numbers = Array.from({ length: pages * perPage }, (_, number) => number);
    const newest = numbers.filter((number) => number % 7 !== 6);
    assert.equal(http.sent.length, pages);
    assert.equal(found.resources, newest.length);
    assert.equal(found.types.Patient?.deleted, newest.filter((number) => number % 10 === 0).length);
    assert.equal(
      taken.reduce((sum, { entries }) => sum + entries, 0),
      newest.length,
    );
    assert.equal(found.bundles, taken.length);
    for (const [index, { after, entries }] of taken.entries()) {
      assert.equal(after, index + 1, 'the next page is asked for only when this one is taken');
      assert.ok(entries <= perPage);
    }
    assert.deepEqual(
      taken.map(({ name }) => name).toSorted(),
      taken.map(({ name }) => name),
    );
    assert.ok(taken.every(({ name }) => isBundleName(name)));
  });

  it('ends with the failure of whoever takes it, and reads no further', async () => {
    const { client, http } = fakeFhir((_, index) => ({ json: pageOf(index) }));
    const full = (): Promise<void> => Promise.reject(new Error('The disk is full.'));
    await assert.rejects(writtenSince(wholeOverview(), client, full, never), /disk is full/);
    assert.equal(http.sent.length, 1);
  });
});
