import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { clientSecretTokens } from '../../../src/azure/identityTokens.ts';
import { cacheTokens } from '../../../src/azure/tokenCache.ts';
import { createFhirClient, type FhirClient } from '../../../src/fhir/fhirClient.ts';
import { createTransport } from '../../../src/http/transport.ts';
import { serviceSide } from '../../../src/services/verify/sides.ts';
import type { Comparison } from '../../../src/services/verify/verifyServices.ts';
import { cloudOf } from '../../sandbox/cloudSettings.ts';
import type { PairData, PairQuestion, PairStarted } from './pairWorker.ts';
import { types } from './resources.ts';

/** Two services of the sandbox in a thread of their own, and clients of them in this one. */
export interface Pair {
  readonly clients: readonly [source: FhirClient, target: FhirClient];
  readonly comparison: Comparison;
  ask(question: PairQuestion): Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a pair of services that hold the same resources of thirty types. */
export async function openPair(data: PairData): Promise<Pair> {
  const worker = new Worker(new URL('./pairWorker.ts', import.meta.url), { workerData: data });
  const [started] = (await once(worker, 'message')) as [PairStarted];
  const { endpoints, certificateAuthority, tenantId, clientId, clientSecret: secret, first, till } = started;
  const cloud = cloudOf({ ...started, origin: started.armEndpoint, blobEndpoint: () => started.armEndpoint });
  const httpClient = createTransport(certificateAuthority);
  const tokens = cacheTokens(clientSecretTokens(cloud, { tenantId, clientId, secret }, httpClient));
  const clientOf = (name: string, endpoint: string): FhirClient =>
    createFhirClient({ name, endpoint, kind: 'ahds', tokens, tenantId, httpClient, userAgent: 'bench' });
  const clients = [clientOf('contoso', endpoints[0]), clientOf('clinical', endpoints[1])] as const;
  const ask = async (question: PairQuestion): Promise<unknown> => {
    const answered = once(worker, 'message');
    worker.postMessage(question);
    const [answer] = (await answered) as [unknown];
    return answer;
  };
  return {
    clients,
    ask,
    comparison: {
      source: serviceSide(clients[0]),
      target: serviceSide(clients[1]),
      types,
      since: undefined,
      till,
      first,
      history: false,
      progress: () => undefined,
    },
    [Symbol.asyncDispose]: async () => {
      await ask({ kind: 'stop' });
      await worker.terminate();
    },
  };
}
