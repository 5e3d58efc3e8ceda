import assert from 'node:assert/strict';
import { definitionDrift, profileNotes } from '../../../src/compare/definitionDrift.ts';
import { profileCoverage } from '../../../src/fhir/profileCoverage.ts';
import { never } from '../http/fakeHttp.ts';
import { fakeFhir } from './fakeFhir.ts';

const total = (value: number) => ({ resource: { resourceType: 'Bundle', total: value }, response: { status: '200' } });
const refused = { response: { status: '400' } };
const batch = (...entry: readonly unknown[]) => ({ json: { resourceType: 'Bundle', type: 'batch-response', entry } });

describe('How far a sample tells which profiles the data names', () => {
  it('is counted for all types in one batch, with commas of a name escaped', async () => {
    const { client, http } = fakeFhir([batch(total(31), total(30), refused, total(5))]);
    const covered = await profileCoverage(
      client,
      [
        { type: 'Basic', profiles: ['http://x/a,b', 'http://x/c|1.0'] },
        { type: 'Flag', profiles: ['http://x/a'] },
        { type: 'List', profiles: [] },
      ],
      never,
    );
    assert.deepEqual(covered, [
      { type: 'Basic', naming: 31, seen: 30 },
      { type: 'Flag', naming: undefined, seen: 5 },
      { type: 'List', naming: undefined, seen: undefined },
    ]);
    assert.equal(http.sent.length, 1);
    const { entry } = JSON.parse(String(http.sent[0]?.body)) as { entry: { request: { url: string } }[] };
    assert.deepEqual(
      entry.slice(0, 2).map(({ request }) => decodeURIComponent(request.url)),
      [
        'Basic?_profile:missing=false&_summary=count',
        String.raw`Basic?_profile=http://x/a\,b,http://x/c|1.0&_summary=count`,
      ],
    );
  });

  it('is unknown where the service refuses to count, and said to be', async () => {
    const { client } = fakeFhir([{ status: 400, json: {} }]);
    const covered = await profileCoverage(client, [{ type: 'Flag', profiles: ['http://x/a'] }], never);
    assert.deepEqual(covered, [{ type: 'Flag', naming: undefined, seen: undefined }]);
    assert.deepEqual(definitionDrift([], [], [], covered), []);
    assert.match(profileNotes(covered).join(), /not counted, for Flag: the data may name more\.$/);
  });

  it('asks nothing and says nothing where everything was looked at', async () => {
    const { client, http } = fakeFhir([]);
    assert.deepEqual(await profileCoverage(client, [], never), []);
    assert.equal(http.sent.length, 0);
    assert.deepEqual(profileNotes([]), []);
  });
});
