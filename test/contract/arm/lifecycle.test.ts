import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cloudChoice } from '../../../src/cli/cloudChoice.ts';
import { isJsonObject, parseJson } from '../../sandbox/http.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { send } from './fixture.ts';

describe('a sandbox', () => {
  it('leaves nothing running after its stop', async () => {
    const sandbox = await startSandbox({ services: [{ name: 'contoso', flavour: 'azureApiForFhir' }] });
    const metadata = `${sandbox.endpointOf('contoso')}/metadata`;
    const blobs = sandbox.blobEndpoint('contosostaging');
    assert.equal((await send(sandbox, 'GET', metadata)).status, 200);
    assert.equal((await send(sandbox, 'GET', `${blobs}?comp=list`)).status, 403);
    await sandbox.stop();
    await assert.rejects(send(sandbox, 'GET', metadata), { code: 'ECONNREFUSED' });
    await assert.rejects(send(sandbox, 'GET', blobs), { code: 'ECONNREFUSED' });
  });

  it('does not start on a port that is taken, nor with data that is not there', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await assert.rejects(startSandbox({ services: [], port }), { code: 'EADDRINUSE' });
    taken.close();
    const data = [{ kind: 'ndjson', files: ['/nowhere.ndjson'] }] as const;
    await assert.rejects(startSandbox({ services: [{ name: 'contoso', flavour: 'ahds', data }] }), { code: 'ENOENT' });
  });

  it('can run beside another one that trusts another authority', async () => {
    const [one, two] = await Promise.all([startSandbox({ services: [] }), startSandbox({ services: [] })]);
    try {
      assert.notEqual(one.origin, two.origin);
      assert.equal((await send(one, 'GET', `${one.adminEndpoint}/state`)).status, 200);
      await assert.rejects(send(one, 'GET', `${two.adminEndpoint}/state`), /certificate/);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
  });
});

describe('npm run sandbox', () => {
  it('writes what a client needs, serves until it is ended, and ends with 0', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sandbox-test-'));
    const main = path.join(import.meta.dirname, '../../sandbox/main.ts');
    const child = spawn(process.execPath, [main, '--patients', '1', '--deprecated', '--out', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    try {
      const output = await new Promise<string>((resolve, reject) => {
        let text = '';
        child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (text.includes('Ctrl-C')) resolve(text);
        });
        child.once('exit', () => reject(new Error(`It ended by itself after:\n${text}`)));
      });
      assert.match(output, /contoso-retired +https:\/\/127\.0\.0\.1:\d+\/fhir\/contoso-retired/);
      const cloud = await cloudChoice(path.join(folder, 'cloud.json'));
      assert.match(cloud.certificateAuthority ?? '', /BEGIN CERTIFICATE/);
      assert.match(cloud.ahds, /\/fhir\/\{fhir\}$/);
      const access = parseJson(await readFile(path.join(folder, 'sandbox.json'), 'utf8'));
      assert.ok(isJsonObject(access) && Array.isArray(access.services));
      assert.deepEqual(
        access.services.map((service) => isJsonObject(service) && service.name),
        ['contoso', 'contoso-retired', 'contoso-stu3', 'clinical', 'clinical-dr', 'archive'],
      );
    } finally {
      child.kill('SIGTERM');
      await rm(folder, { recursive: true });
    }
    assert.equal(await exit, 0);
  });
});
