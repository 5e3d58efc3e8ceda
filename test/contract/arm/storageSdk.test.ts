import assert from 'node:assert/strict';
import { ClientSecretCredential, type ClientSecretCredentialOptions } from '@azure/identity';
import { BlobServiceClient, type StoragePipelineOptions } from '@azure/storage-blob';
import { isJsonObject } from '../../sandbox/http.ts';
import { arm, errorCode, useSandbox } from './fixture.ts';

const storageVersion = '2026-09-01';

describe('storage accounts', () => {
  const sandbox = useSandbox({ accounts: ['contosostaging', 'second'] });

  /** The normal bearer policy of the SDK, which refuses anything but https. */
  function blobs(account: string, certificateAuthority = sandbox().certificateAuthority): BlobServiceClient {
    const { loginEndpoint, tenantId, clientId, clientSecret } = sandbox();
    const tls = { tlsOptions: { ca: sandbox().certificateAuthority } };
    const options: ClientSecretCredentialOptions = {
      authorityHost: loginEndpoint,
      disableInstanceDiscovery: true,
      ...tls,
    };
    const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, options);
    const settings: StoragePipelineOptions & typeof tls = { tlsOptions: { ca: certificateAuthority } };
    return new BlobServiceClient(sandbox().blobEndpoint(account), credential, settings);
  }

  it('show their endpoint, network rules and kind of namespace, by id, group and subscription', async () => {
    const id = sandbox().resourceIdOf('contosostaging');
    const { status, json } = await arm(sandbox(), 'GET', id, { apiVersion: storageVersion });
    assert.equal(status, 200);
    assert.ok(isJsonObject(json.properties) && isJsonObject(json.properties.primaryEndpoints));
    assert.equal(json.properties.primaryEndpoints.blob, `${sandbox().blobEndpoint('contosostaging')}/`);
    assert.equal(json.properties.isHnsEnabled, true);
    assert.ok(isJsonObject(json.properties.networkAcls));
    assert.equal(json.properties.networkAcls.bypass, 'AzureServices');
    for (const scope of [id.split('/').slice(0, 5), id.split('/').slice(0, 3)]) {
      const list = await arm(sandbox(), 'GET', `${scope.join('/')}/providers/Microsoft.Storage/storageAccounts`, {
        apiVersion: storageVersion,
      });
      assert.ok(Array.isArray(list.json.value));
      assert.deepEqual(
        list.json.value.map((account) => isJsonObject(account) && account.name),
        ['contosostaging', 'second'],
      );
    }
    const missing = await arm(sandbox(), 'GET', `${id}x`, { apiVersion: storageVersion });
    assert.equal(errorCode(missing), 'ResourceNotFound');
  });

  it('take blobs from @azure/storage-blob with a token of the sandbox, and list the container through ARM', async () => {
    const container = blobs('contosostaging').getContainerClient('migration');
    assert.equal(await container.exists(), false);
    await container.create();
    const line = '{"resourceType":"Patient","id":"a"}\n';
    const { etag } = await container
      .getBlockBlobClient('20260504T101112-1/Patient-2-1.ndjson')
      .upload(line, line.length);
    const found: unknown[] = [];
    for await (const blob of container.listBlobsFlat({ prefix: '2026' })) {
      found.push([blob.name, blob.properties.contentLength, `"${blob.properties.etag}"`]);
    }
    assert.deepEqual(found, [['20260504T101112-1/Patient-2-1.ndjson', line.length, etag]]);
    const read = await container.getBlobClient('20260504T101112-1/Patient-2-1.ndjson').downloadToBuffer();
    assert.equal(read.toString(), line);

    const containers = `${sandbox().resourceIdOf('contosostaging')}/blobServices/default/containers`;
    const list = await arm(sandbox(), 'GET', containers, { apiVersion: storageVersion });
    assert.match(list.text, /"name":"migration"/);
    const one = await arm(sandbox(), 'GET', `${containers}/migration`, { apiVersion: storageVersion });
    assert.equal(one.json.name, 'migration');
    assert.equal((await arm(sandbox(), 'GET', `${containers}/none`, { apiVersion: storageVersion })).status, 404);
  });

  it('keep the containers of two accounts apart', async () => {
    await blobs('second').getContainerClient('only-here').create();
    assert.equal(await blobs('contosostaging').getContainerClient('only-here').exists(), false);
    assert.equal(await blobs('second').getContainerClient('only-here').exists(), true);
  });

  it('refuse a token for another audience, and a client that does not trust the authority', async () => {
    const url = `${sandbox().blobEndpoint('contosostaging')}?comp=list`;
    const wrong = {
      getToken: async () => ({
        token: await sandbox().token(sandbox().armEndpoint),
        expiresOnTimestamp: Date.now() + 60_000,
      }),
    };
    const tls = { tlsOptions: { ca: sandbox().certificateAuthority } };
    const client = new BlobServiceClient(url.split('?')[0] ?? '', wrong, { ...tls, retryOptions: { maxTries: 1 } });
    await assert.rejects(client.getContainerClient('migration').exists(), { statusCode: 403 });

    const stranger = new BlobServiceClient(sandbox().blobEndpoint('contosostaging'), wrong, {
      retryOptions: { maxTries: 1 },
    });
    await assert.rejects(stranger.getContainerClient('migration').exists(), /certificate/);
  });

  it('give a user delegation key', async () => {
    const now = new Date();
    const key = await blobs('contosostaging').getUserDelegationKey(now, new Date(now.getTime() + 3_600_000));
    assert.equal(key.signedTenantId, sandbox().tenantId);
  });
});
