import assert from 'node:assert/strict';
import { never } from '../http/fakeHttp.ts';
import { blobEndpoint, fakeAccount, serveBlobs } from './fakeBlobs.ts';

describe('Deletions that an export tells as bundles', () => {
  const path = 'migration/f/deleted-1-1.ndjson';
  const deletion = (url: string, method = 'DELETE'): object => ({ request: { method, url } });
  const bundle = (...entry: readonly object[]): string =>
    JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });

  const stage = (text: string) => {
    const written: { path: string; text: string }[] = [];
    const serve = serveBlobs({ [path]: text });
    const { staging } = fakeAccount((sent) => {
      if (sent.method !== 'PUT') return serve(sent);
      written.push({ path: sent.url.pathname, text: sent.body ?? '' });
      return { status: 201, headers: { etag: '"0x8DNEW"' } };
    });
    const files = [{ url: `${blobEndpoint}/${path}` }];
    return { written, work: staging.stageDeletions({ files, folder: 'f', at: Date.UTC(2026, 4, 3) }, never) };
  };

  it('become tombstones, a file for each type, each id once', async () => {
    const lines = [bundle(deletion('Patient/p1'), deletion('Observation/o1')), bundle(deletion('Patient/p1'))];
    const { work, written } = stage(`${lines.join('\r\n')}\n`);
    const url = (type: string): string => `${blobEndpoint}/migration/f/${type}-deleted-1.ndjson`;
    assert.deepEqual(await work, [
      { type: 'Observation', url: url('Observation'), count: 1 },
      { type: 'Patient', url: url('Patient'), count: 1 },
    ]);
    const extension =
      '[{"url":"http://azurehealthcareapis.com/data-extensions/deleted-state","valueString":"soft-deleted"}]';
    assert.deepEqual(written[1], {
      path: '/migration/f/Patient-deleted-1.ndjson',
      text: `{"resourceType":"Patient","id":"p1","meta":{"lastUpdated":"2026-05-03T00:00:00.000Z","extension":${extension}}}\n`,
    });
  });

  it('are refused as a whole when one of them is something else', async () => {
    for (const text of [
      bundle(deletion('Patient/p1'), deletion('Patient/p2', 'PUT')),
      bundle(deletion('Patient?name=x')),
      bundle(deletion('https://elsewhere.example/Patient/p1')),
      '{"resourceType":"Patient","id":"p1"}',
      'no JSON',
    ]) {
      const { work, written } = stage(`${bundle(deletion('Patient/p0'))}\n${text}`);
      await assert.rejects(work, /something else than bundles of deletions/, text);
      assert.deepEqual(written, []);
    }
  });
});
