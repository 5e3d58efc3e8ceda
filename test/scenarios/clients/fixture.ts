import { cacheTokens } from '../../../src/azure/tokenCache.ts';
import { clientSecretTokens } from '../../../src/azure/identityTokens.ts';
import { openStaging, type Staging } from '../../../src/azure/staging.ts';
import type { TokenSource } from '../../../src/azure/tokens.ts';
import { createFhirClient, type FhirClient } from '../../../src/fhir/fhirClient.ts';
import type { ServiceKind } from '../../../src/fhir/serviceKind.ts';
import { createTransport } from '../../../src/http/transport.ts';
import type { Cloud } from '../../../src/azure/cloud.ts';
import { cloudOf } from '../../sandbox/cloudSettings.ts';
import type { RunningSandbox, SandboxOptions } from '../../sandbox/contract.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';

export const never = new AbortController().signal;

/** The clients of the product, pointed at a sandbox that runs during the tests of one file. */
export interface Clients {
  readonly sandbox: RunningSandbox;
  readonly cloud: Cloud;
  readonly httpClient: ReturnType<typeof createTransport>;
  readonly tokens: TokenSource;
  readonly fhir: (name: string, kind?: ServiceKind) => FhirClient;
  readonly staging: (container: string) => Staging;
}

export function useClients(options: SandboxOptions): () => Clients {
  let clients: Clients | undefined;
  before(async () => {
    const sandbox = await startSandbox(options);
    clients = clientsOf(sandbox);
  });
  after(() => clients?.sandbox.stop());
  return () => {
    if (clients === undefined) throw new Error('The sandbox runs only inside of tests.');
    return clients;
  };
}

function clientsOf(sandbox: RunningSandbox): Clients {
  const cloud = cloudOf(sandbox);
  const httpClient = createTransport(sandbox.certificateAuthority);
  const principal = { tenantId: sandbox.tenantId, clientId: sandbox.clientId, secret: sandbox.clientSecret };
  const tokens = cacheTokens(clientSecretTokens(cloud, principal, httpClient));
  const common = { tokens, httpClient, userAgent: 'fhir-migration-tests', tenantId: sandbox.tenantId };
  return {
    sandbox,
    cloud,
    httpClient,
    tokens,
    fhir: (name, kind = 'ahds') => createFhirClient({ ...common, name, kind, endpoint: sandbox.endpointOf(name) }),
    staging: (container) =>
      openStaging({
        ...common,
        cloud,
        container,
        accountName: 'contosostaging',
        blobEndpoint: sandbox.blobEndpoint('contosostaging'),
      }),
  };
}

/** Asks again and again, as a migration does, until an answer will do. */
export async function until<T>(ask: () => Promise<T>, done: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (done(answer)) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
