import type { PlanInput } from '../engine/plan.ts';
import type { DiscoveredService } from '../azure/discovered.ts';

/** What the user chose to move; absent fields take the plan's defaults. */
export type PlanChoices = NonNullable<PlanInput['scope']>;

/** How the user wants it to be moved. */
export type PlanMeans = Pick<PlanInput, 'journal' | 'options' | 'sync' | 'calendar'>;

/**
 * The text of a new plan file: every choice spelled out, nothing else, so that a review sees what was decided.
 * @param how written only where it is not as by default
 */
export function draftPlan(
  name: string,
  source: DiscoveredService,
  target: DiscoveredService,
  staging: PlanInput['staging'],
  choices: PlanChoices,
  how: PlanMeans = {},
): string {
  const plan: PlanInput = {
    version: 1,
    name: name.slice(0, 120),
    source: planService(source),
    target: planService(target),
    staging: { ...staging, container: staging.container ?? 'migration' },
    scope: { history: false, softDeleted: true, ...choices },
    ...(how.journal === 'staging' ? { journal: how.journal } : {}),
    ...(how.options === undefined ? {} : { options: how.options }),
    ...(how.sync === undefined ? {} : { sync: how.sync }),
    ...(how.calendar === undefined ? {} : { calendar: how.calendar }),
  };
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** A service as a plan names it. The audience is written only where it is not the endpoint. */
export function planService(service: DiscoveredService): PlanInput['source'] {
  const { kind, name, endpoint, resourceId, tenantId, audience } = service;
  const ownAudience = audience?.replace(/\/+$/, '');
  return {
    kind,
    name,
    endpoint,
    ...(resourceId === undefined ? {} : { resourceId }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(ownAudience === undefined || ownAudience === endpoint.replace(/\/+$/, '') ? {} : { audience: ownAudience }),
  };
}
