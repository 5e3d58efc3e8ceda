import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createArmClient } from '../../../src/azure/armClient.ts';
import { listTenants } from '../../../src/azure/accounts.ts';
import { clientSecretTokens } from '../../../src/azure/identityTokens.ts';
import { openStaging } from '../../../src/azure/staging.ts';
import { createFhirClient } from '../../../src/fhir/fhirClient.ts';
import { readMetadata } from '../../../src/fhir/metadata.ts';
import { createTransport } from '../../../src/http/transport.ts';
import { never, useClients } from './fixture.ts';

describe('Behind a proxy that the environment names', function () {
  this.timeout(60_000);
  const clients = useClients({ services: [{ name: 'clinical', flavour: 'ahds' }] });
  const tunnels: string[] = [];
  let proxy: Server | undefined;
  const before_ = process.env.HTTPS_PROXY;

  before(async () => {
    proxy = createServer().on('connect', (request, socket, head) => {
      tunnels.push(request.url ?? '');
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    await new Promise<void>((resolve) => proxy?.listen(0, '127.0.0.1', resolve));
    process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  after(() => {
    if (before_ === undefined) delete process.env.HTTPS_PROXY;
    else process.env.HTTPS_PROXY = before_;
    proxy?.closeAllConnections();
    proxy?.close();
  });

  it('sign-in, ARM, FHIR and storage go through it, and the own certificate authority still counts', async () => {
    const { sandbox, cloud } = clients();
    // New clients, because a client reads the environment when it is made.
    const httpClient = createTransport(sandbox.certificateAuthority);
    const principal = { tenantId: sandbox.tenantId, clientId: sandbox.clientId, secret: sandbox.clientSecret };
    const tokens = clientSecretTokens(cloud, principal, httpClient);
    const common = { tokens, httpClient, userAgent: 'tests', tenantId: sandbox.tenantId };
    const through = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
      tunnels.length = 0;
      await work();
      return [...new Set(tunnels)];
    };
    const host = new URL(sandbox.origin).host;
    const fhir = createFhirClient({
      ...common,
      name: 'clinical',
      kind: 'ahds',
      endpoint: sandbox.endpointOf('clinical'),
    });
    assert.deepEqual(await through(() => readMetadata(fhir, never)), [host]);
    assert.deepEqual(await through(() => listTenants(createArmClient({ ...common, cloud }), never)), [host]);
    const blobEndpoint = sandbox.blobEndpoint('contosostaging');
    const staging = openStaging({
      ...common,
      cloud,
      container: 'migration',
      accountName: 'contosostaging',
      blobEndpoint,
    });
    const blobs = await through(() => staging.containerState(never));
    assert.ok(blobs.includes(new URL(blobEndpoint).host), blobs.join());
  });
});
