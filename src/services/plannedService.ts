import type { DiscoveredService } from '../azure/discovered.ts';
import type { PlanService } from '../engine/plan.ts';

/** What a client needs to know of a service. */
export function plannedService({ kind, name, endpoint, audience, tenantId }: DiscoveredService): PlanService {
  return {
    kind,
    name,
    endpoint,
    ...(audience === undefined ? {} : { audience }),
    ...(tenantId === undefined ? {} : { tenantId }),
  };
}
