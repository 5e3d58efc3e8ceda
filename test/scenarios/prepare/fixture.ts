import type { PrepareRow } from '../../../src/assess/prepare/row.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import type { Preparation } from '../../../src/services/prepare/contract.ts';
import { readPlan } from '../../../src/services/planReading.ts';
import type { RunningSandbox } from '../../sandbox/contract.ts';

/** A plan between two services of a sandbox, staged in its first account. */
export function planOf(sandbox: RunningSandbox, source: string, target: string, account = 'contosostaging'): Plan {
  const service = (kind: string, name: string) => ({
    kind,
    name,
    endpoint: sandbox.endpointOf(name),
    resourceId: sandbox.resourceIdOf(name),
    tenantId: sandbox.tenantId,
  });
  const { plan, problems } = readPlan(
    JSON.stringify({
      version: 1,
      name: 'move',
      source: service('azureApiForFhir', source),
      target: service('ahds', target),
      staging: {
        accountName: account,
        blobEndpoint: sandbox.blobEndpoint(account),
        resourceId: sandbox.resourceIdOf(account),
        tenantId: sandbox.tenantId,
      },
    }),
  );
  if (plan === undefined) throw new Error(JSON.stringify(problems));
  return plan;
}

export function rowOf({ rows }: Preparation, id: string): PrepareRow {
  const row = rows.find((one) => one.id === id);
  if (row === undefined) throw new Error(`There is no row ${id}.`);
  return row;
}

/** Writes that ARM was sent, by method. */
export function armWrites(sandbox: RunningSandbox): number {
  return Object.entries(sandbox.counters('arm')).reduce(
    (sum, [kind, count]) => sum + (/^ARM (?:PUT|PATCH|DELETE|POST)$/.test(kind) ? count : 0),
    0,
  );
}
