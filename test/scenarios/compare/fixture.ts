import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AspectComparison, Aspect, Comparison, ComparedEntry } from '../../../src/compare/comparison.ts';
import { hasFailed } from '../../../src/compare/comparison.ts';
import { silentLog } from '../../../src/http/log.ts';
import type { Services } from '../../../src/services/contract.ts';
import { createServices } from '../../../src/services/services.ts';
import type { SandboxOptions } from '../../sandbox/contract.ts';
import { type Clients, useClients } from '../clients/fixture.ts';

export interface Compared extends Clients {
  readonly services: Services;
  /** Changes or makes a resource in ARM and returns the status. */
  readonly arm: (method: string, path: string, apiVersion: string, body?: object) => Promise<number>;
}

/** A sandbox with the services of the product in front of it. */
export function useServices(options: SandboxOptions): () => Compared {
  const clients = useClients(options);
  let made: Compared | undefined;
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fhir-migration-compare-'));
    const all = clients();
    const services = createServices({
      cloud: all.cloud,
      tokens: all.tokens,
      journalFolder: folder,
      log: { ...silentLog, error: () => undefined },
      userAgent: 'tests',
    });
    made = { ...all, services, arm: (...words) => armRequest(all, ...words) };
  });
  after(async () => {
    await made?.services.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  return () => {
    if (made === undefined) throw new Error('The services are there only inside of tests.');
    return made;
  };
}

async function armRequest(
  { sandbox, httpClient }: Clients,
  method: string,
  path: string,
  apiVersion: string,
  body?: object,
): Promise<number> {
  const { createPipelineRequest, createHttpHeaders } = await import('@azure/core-rest-pipeline');
  const answer = await httpClient.sendRequest(
    createPipelineRequest({
      url: `${sandbox.armEndpoint}${path}?api-version=${apiVersion}`,
      method: method as 'PUT',
      headers: createHttpHeaders({
        authorization: `Bearer ${await sandbox.token(sandbox.armEndpoint)}`,
        'content-type': 'application/json',
      }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  return answer.status;
}

/** The result of one aspect; fails the test when it could not be compared. */
export function aspectOf(comparison: Comparison, aspect: Aspect): AspectComparison {
  const found = comparison.aspects.find((one) => one.aspect === aspect);
  if (found === undefined) throw new Error(`${aspect} was not compared.`);
  if (hasFailed(found)) throw new Error(`${aspect} failed: ${JSON.stringify(found.failure)}`);
  return found;
}

/** State of each entry by its path. */
export const statesOf = (entries: readonly ComparedEntry[]): Readonly<Record<string, string>> =>
  Object.fromEntries(entries.map(({ path, state }) => [path.join(' › '), state]));
