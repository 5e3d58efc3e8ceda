import assert from 'node:assert/strict';
import { never } from '../http/fakeHttp.ts';
import { blobEndpoint, fakeAccount, serveBlobs } from './fakeBlobs.ts';

describe('Lines that are staged once more', () => {
  const line = (id: string): string => `{"resourceType":"Patient","id":"${id}","value":1.50,"text":"Zoë"}`;
  const ids = ['p1', 'p2', 'p3', 'p4', 'p5'];
  const input = ids.map(line).join('\r\n');
  const url = `${blobEndpoint}/migration/f/Patient-1-1.ndjson`;
  const path = 'retries/i0001-1/Patient-w0001-0.ndjson';

  const stage = (
    places: readonly { readonly offset: number; readonly line: number }[],
    blobs: Readonly<Record<string, string>> = { 'migration/f/Patient-1-1.ndjson': input },
  ) => {
    const written: { path: string; text: string }[] = [];
    const serve = serveBlobs(blobs);
    const { staging } = fakeAccount((sent) => {
      if (sent.method !== 'PUT') return serve(sent);
      written.push({ path: sent.url.pathname, text: sent.body ?? '' });
      return { status: 201, headers: { etag: '"0x8DNEW"' } };
    });
    return { written, work: staging.stageLines({ inputs: [{ url, places }], path }, never) };
  };

  it('are those asked for, as they are, in the order asked for', async () => {
    const offset = Buffer.byteLength(`${line('p1')}\r\n`) + 3;
    const { work, written } = stage([
      { offset: 0, line: 4 },
      { offset: 0, line: 2 },
      // A later unit leaves out the line that it starts in.
      { offset, line: 1 },
    ]);
    const staged = await work;
    const text = `${line('p4')}\n${line('p2')}\n${line('p3')}\n`;
    assert.deepEqual(staged, {
      url: `${blobEndpoint}/migration/${path}`,
      etag: '0x8DNEW',
      bytes: Buffer.byteLength(text),
      lines: 3,
    });
    assert.deepEqual(written, [{ path: `/migration/${path}`, text }]);
  });

  it('are the first of them when one can no longer be read', async () => {
    const staged = await stage([
      { offset: 0, line: 1 },
      { offset: 0, line: 99 },
      { offset: 0, line: 2 },
    ]).work;
    assert.equal(staged?.lines, 1);
  });

  it('are none when the file is empty or nothing is asked for', async () => {
    assert.equal(await stage([]).work, undefined);
    const { work, written } = stage([{ offset: 0, line: 1 }], { 'migration/f/Patient-1-1.ndjson': '' });
    assert.equal(await work, undefined);
    assert.deepEqual(written, []);
  });

  it('are read only inside the staging account', async () => {
    const { staging, http } = fakeAccount(() => ({ status: 200 }));
    const inputs = [{ url: 'https://elsewhere.example/migration/f/x.ndjson', places: [{ offset: 0, line: 1 }] }];
    await assert.rejects(staging.stageLines({ inputs, path }, never), /staging account/);
    assert.equal(http.sent.length, 0);
  });
});
