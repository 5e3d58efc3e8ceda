import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import https from 'node:https';
import { connect } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { startAzurite } from '../../sandbox/blob/azurite.ts';
import { createServerCertificate } from '../../sandbox/tls/certificates.ts';
import { azurite, Bench, until } from './fixture.ts';

/** True when nothing listens on the port any more. */
function isClosed(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

describe('blob storage', () => {
  it('is reached over https by path, trusted through the authority alone', async () => {
    const server = await azurite();
    assert.match(server.endpoint('staging'), /^https:\/\/127\.0\.0\.1:\d+\/staging$/);
    const request = https.get(server.endpoint('staging'), { agent: false });
    const [error] = (await once(request, 'error')) as [NodeJS.ErrnoException];
    assert.match(error.code ?? '', /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/);
  });

  it('has the accounts that it was started with and no other', async () => {
    const server = await azurite();
    assert.throws(() => server.account('nobody'), RangeError);
    assert.throws(() => server.endpoint('devstoreaccount1'), RangeError);
  });

  it('gives nothing to who has no key and no token', async () => {
    const bench = await Bench.open();
    await bench.account.write(bench.container, 'secret', 'x');
    const { certificateAuthority } = bench.account;
    const url = bench.account.urlOf(bench.container, 'secret');
    const request = https.get(url, { ca: certificateAuthority, agent: false });
    const [answer] = (await once(request, 'response')) as [{ statusCode: number; resume(): void }];
    answer.resume();
    assert.ok(answer.statusCode === 403 || answer.statusCode === 404, String(answer.statusCode));
  });

  it('has keys made up for each run', async () => {
    const bench = await Bench.open();
    const guess = new StorageSharedKeyCredential('staging', Buffer.alloc(64).toString('base64'));
    const settings = { tlsOptions: { ca: bench.account.certificateAuthority }, retryOptions: { maxTries: 1 } };
    const client = new BlobServiceClient(bench.account.endpoint, guess, settings);
    await bench.account.write(bench.container, 'secret', 'x');
    const blob = client.getContainerClient(bench.container).getBlobClient('secret');
    // With OAuth on, Azurite takes a wrong signature for a malformed token: 400 where Azure says 403.
    await assert.rejects(blob.getProperties(), { statusCode: 400 });
  });

  it('writes, reads, lists and deletes', async () => {
    const { account, container } = await Bench.open();
    await account.write(container, 'a/1', 'one');
    await account.write(container, 'a/2', 'two');
    await account.write(container, 'b', 'żółć');
    assert.deepEqual(await account.list(container, 'a/'), ['a/1', 'a/2']);
    assert.equal(await account.read(container, 'b'), 'żółć');
    assert.equal((await account.properties(container, 'b')).bytes, 8);
    await account.delete(container, 'a/1');
    assert.deepEqual(await account.list(container), ['a/2', 'b']);
    await account.deleteContainer(container);
    assert.deepEqual(await account.list(container), []);
  });

  it('gives a blob a new ETag with every write', async () => {
    const { account, container } = await Bench.open();
    const first = await account.write(container, 'x', '1');
    const second = await account.write(container, 'x', '1');
    assert.notEqual(first, second);
    assert.equal((await account.properties(container, 'x')).etag, second);
  });

  it('shows a blob that is written in blocks only once it is committed', async () => {
    const { account, container } = await Bench.open();
    await account.createContainer(container);
    const writer = account.writer(container, 'blocks');
    for (let piece = 0; piece < 9; piece += 1) await writer.add(String(piece).repeat(1_000_000));
    assert.deepEqual(await account.list(container), []);
    await writer.commit();
    const read: Buffer[] = [];
    for await (const chunk of account.stream(container, 'blocks', 8_999_990)) read.push(chunk);
    assert.equal(Buffer.concat(read).toString(), '8'.repeat(10));
    assert.equal((await account.properties(container, 'blocks')).bytes, 9_000_000);
  });

  it('lets one holder lease a blob, who keeps it from being written and deleted', async () => {
    const { account, container } = await Bench.open();
    await account.write(container, 'x', '1');
    const lease = await account.tryLease(container, 'x');
    assert.ok(lease);
    assert.equal(await account.tryLease(container, 'x'), undefined);
    await assert.rejects(account.write(container, 'x', '2'), { statusCode: 412 });
    await assert.rejects(account.delete(container, 'x'), { statusCode: 412 });
    await lease.release();
    await account.delete(container, 'x');
    assert.equal(await account.tryLease(container, 'x'), undefined);
  });

  it('finds its own blobs by their addresses, and no others', async () => {
    const { account, container } = await Bench.open();
    assert.deepEqual(account.locate(account.urlOf(container, 'a b/c#d.ndjson')), { container, blob: 'a b/c#d.ndjson' });
    const port = new URL(account.endpoint).port;
    for (const url of [
      `https://127.0.0.1:${port}/other/c/b`,
      `https://127.0.0.1:${port}/stagingx/c/b`,
      `https://127.0.0.1:${port}/staging/c`,
      `https://localhost:${port}/staging/c/b`,
      'nothing',
    ]) {
      assert.equal(account.locate(url), undefined, url);
    }
  });

  it('stops when it is told to', async () => {
    const server = await startAzurite(['a'], await createServerCertificate());
    const port = Number(new URL(server.origin).port);
    assert.equal(await isClosed(port), false);
    await server.stop();
    await server.stop();
    assert.equal(await isClosed(port), true);
  });

  it('dies with the process that started it, however that one ended', async () => {
    const sandbox = path.resolve('test/sandbox');
    const script = `
      import { startAzurite } from ${JSON.stringify(path.join(sandbox, 'blob/azurite.ts'))};
      import { createServerCertificate } from ${JSON.stringify(path.join(sandbox, 'tls/certificates.ts'))};
      console.log((await startAzurite(['a'], await createServerCertificate())).origin);
      setInterval(() => undefined, 1e6);`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [origin] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const port = Number(new URL(origin).port);
    assert.equal(await isClosed(port), false);
    parent.kill('SIGKILL');
    await until(async () => ((await isClosed(port)) ? true : undefined), 'Azurite is gone');
  });

  it('says what Azurite said when it does not come up', async () => {
    const certificate = await createServerCertificate();
    const broken = { ...certificate, key: 'no key' };
    await assert.rejects(startAzurite(['a'], broken), /Azurite ended with 1 before it listened/);
  });
});
