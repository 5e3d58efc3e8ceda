import type { Plan } from '../../engine/plan.ts';
import type { PreflightReport } from '../contract.ts';
import { configurationChecks } from './configurationChecks.ts';
import type { PreflightFacts } from './facts.ts';
import { isRetired, serviceChecks } from './serviceChecks.ts';

/** What the facts mean for the plan. Pure. */
export function preflightReport(plan: Plan, facts: PreflightFacts, finishedAt: number): PreflightReport {
  const checks = [...serviceChecks(plan, facts), ...configurationChecks(plan, facts)];
  return {
    checks,
    ok: checks.every(({ outcome }) => outcome !== 'failure'),
    finishedAt,
    source: { deprecated: isRetired(facts.source.count), countsAnswer: facts.source.count?.ok === true },
    clockSkewMs: facts.source.clockSkewMs.ok ? facts.source.clockSkewMs.value : undefined,
  };
}
