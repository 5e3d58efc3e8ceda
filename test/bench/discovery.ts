import { clientSecretTokens } from '../../src/azure/identityTokens.ts';
import { discover } from '../../src/azure/discover.ts';
import { createTransport } from '../../src/http/transport.ts';
import { cloudOf } from '../sandbox/cloudSettings.ts';
import type { RunningSandbox } from '../sandbox/contract.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Figure } from './figure.ts';

interface Requests {
  readonly beforeFirst: number;
  readonly all: number;
}

/** Control-plane requests of a discovery, until the first services show and in all, over few and many subscriptions. */
export async function discovery(): Promise<readonly Figure[]> {
  const [few, many] = [await requestsOver(20), await requestsOver(200)];
  return [
    {
      name: 'discoveryBeforeFirst',
      value: many.beforeFirst,
      unit: 'requests',
      bound: 'atMost',
      goal: 5,
      against: 'the first services of 200 subscriptions',
    },
    {
      name: 'discoveryGrowth',
      value: many.all / few.all,
      unit: 'times',
      bound: 'atMost',
      goal: 1.5,
      against: 'the requests over 20 subscriptions',
    },
  ];
}

async function requestsOver(subscriptions: number): Promise<Requests> {
  const sandbox = await startSandbox({
    services: ['one', 'two', 'three'].map((name) => ({ name, flavour: 'ahds' as const })),
    subscriptions,
  });
  try {
    const cloud = cloudOf(sandbox);
    const httpClient = createTransport(sandbox.certificateAuthority);
    const principal = { tenantId: sandbox.tenantId, clientId: sandbox.clientId, secret: sandbox.clientSecret };
    const options = { cloud, httpClient, tokens: clientSecretTokens(cloud, principal, httpClient), userAgent: 'bench' };
    let beforeFirst = 0;
    for await (const event of discover(options, {}, new AbortController().signal)) {
      if (event.type === 'services' && beforeFirst === 0) beforeFirst = controlPlaneRequests(sandbox);
    }
    return { beforeFirst, all: controlPlaneRequests(sandbox) };
  } finally {
    await sandbox.stop();
  }
}

const controlPlaneRequests = (sandbox: RunningSandbox): number =>
  Object.entries(sandbox.counters()).reduce((sum, [kind, count]) => (kind.startsWith('ARM') ? sum + count : sum), 0);
