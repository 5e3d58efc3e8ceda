import { parentPort, workerData } from 'node:worker_threads';
import { plant } from '../../scenarios/verify/planted.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { resource, stepMs } from './resources.ts';

/*
 * Two equal services in a thread of their own, so that what a client costs can be told from what its servers cost.
 */

export interface PairData {
  readonly total: number;
  /** Delay of every answer, milliseconds. */
  readonly latencyMs: number;
}

export type PairQuestion =
  | { readonly kind: 'counters' | 'reset' | 'plant' | 'stop' }
  /** Hard deletes of so many resources on the source. */
  | { readonly kind: 'lose'; readonly count: number };

export interface PairStarted {
  readonly endpoints: readonly [source: string, target: string];
  readonly certificateAuthority: string;
  readonly armEndpoint: string;
  readonly loginEndpoint: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly first: number;
  readonly till: number;
}

const { total, latencyMs } = workerData as PairData;
const names = ['contoso', 'clinical'] as const;
const sandbox = await startSandbox({ services: names.map((name) => ({ name, flavour: 'ahds' })), latencyMs });
const till = Math.floor(sandbox.clock.now());
const first = till - total * stepMs;
const [source, target] = [sandbox.store(names[0]), sandbox.store(names[1])];
for (let index = 0; index < total; index++) {
  const version = resource(index, first);
  source.put(version);
  target.put(version);
}

function answer(question: PairQuestion): unknown {
  switch (question.kind) {
    case 'counters':
      return names.flatMap((name) => Object.values(sandbox.counters(name))).reduce((sum, count) => sum + count, 0);
    case 'reset':
      sandbox.resetCounters();
      return undefined;
    case 'plant': {
      const planted = plant(source, target, till);
      sandbox.clock.advance(3_600_000);
      return planted;
    }
    case 'lose':
      for (let lost = 0; lost < question.count; lost++) {
        const { type, id } = resource(Math.floor(((lost + 0.5) * total) / question.count) + (lost % 7), first);
        source.purge(type, id);
      }
      return undefined;
    case 'stop':
      return sandbox.stop();
  }
}

parentPort?.on('message', (question: PairQuestion) => {
  void Promise.resolve(answer(question)).then((value) => {
    parentPort?.postMessage(value);
    if (question.kind === 'stop') parentPort?.close();
  });
});
const { certificateAuthority, armEndpoint, loginEndpoint, tenantId, clientId, clientSecret } = sandbox;
parentPort?.postMessage({
  endpoints: [sandbox.endpointOf(names[0]), sandbox.endpointOf(names[1])],
  certificateAuthority,
  armEndpoint,
  loginEndpoint,
  tenantId,
  clientId,
  clientSecret,
  first,
  till,
} satisfies PairStarted);
