import { createArmClient } from '../../azure/armClient.ts';
import { readServiceDetails } from '../../azure/serviceDetails.ts';
import type { Staging } from '../../azure/staging.ts';
import type { Plan, PlanService } from '../../engine/plan.ts';
import type { Clients } from '../clients.ts';
import type { PreflightCheck, PreflightReport } from '../contract.ts';
import { gatherReindex, gatherService } from './gatherService.ts';
import { gatherStaging } from './gatherStaging.ts';
import { preflightReport } from './report.ts';

/**
 * Asks both services, Azure and the staging account everything that decides whether a migration can start. Nothing is
 * written anywhere. @throws FailureError of kind `cancelled` only
 */
export async function runPreflight(
  plan: Plan,
  clients: Clients,
  staging: Pick<Staging, 'containerState' | 'deidentificationEtag'>,
  otherMigrations: readonly string[],
  signal: AbortSignal,
  progress: (check: PreflightCheck) => void,
): Promise<PreflightReport> {
  const arm = createArmClient(clients.arm);
  const gather = async (service: PlanService, operation: 'export' | 'import'): ReturnType<typeof gatherService> => {
    const client = await clients.of(service, signal).catch(() => clients.anonymous(service.endpoint));
    const { resourceId, tenantId } = service;
    return gatherService(client, operation, resourceId, (id) => readServiceDetails(arm, id, tenantId, signal), signal);
  };
  const [source, target, reindex] = await Promise.all([
    gather(plan.source, 'export'),
    gather(plan.target, 'import'),
    clients.of(plan.target, signal).then((client) => gatherReindex(client, signal)),
  ]);
  const stagingFacts = await gatherStaging(
    plan,
    arm,
    staging,
    { source: source.resource, target: target.resource },
    signal,
  );
  const facts = { source, target: { ...target, reindex }, staging: stagingFacts, otherMigrations };
  const report = preflightReport(plan, facts, Date.now());
  for (const check of report.checks) progress(check);
  return report;
}
