import type { MigrationOverview } from '../../engine/overview.ts';
import type { Plan, PlanInput } from '../../engine/plan.ts';
import type { MigrationHandle } from '../contract.ts';
import { ratesOf } from '../prediction/measuredRates.ts';

type Recorded = NonNullable<PlanInput['rehearsals']>;

/** Older rehearsals are forgotten. */
const kept = 20;

/** The rehearsals of a plan with one more, as its file keeps them: which slice went where, and how fast it was. */
export async function withRehearsal(
  plan: Plan,
  rehearsal: Pick<MigrationHandle, 'overview' | 'journal'>,
): Promise<Recorded> {
  const overview = rehearsal.overview();
  const { since, till } = overview.plan.scope;
  const at = new Date(overview.endedAt ?? overview.createdAt).toISOString();
  const entry = {
    at,
    since: since ?? at,
    till: till ?? at,
    target: overview.plan.target.endpoint,
    resources: overview.progress.imported,
    result: await resultText(rehearsal, overview),
  };
  return [...(plan.rehearsals ?? []), entry].slice(-kept);
}

async function resultText(rehearsal: Pick<MigrationHandle, 'journal'>, overview: MigrationOverview): Promise<string> {
  const { phase, name } = overview;
  const ended = phase === 'complete' ? 'Complete' : `Ended as ${phase}`;
  const rates = await ratesOf(rehearsal, name);
  if (rates === undefined) return `${ended}; too little was moved to tell how fast the services are.`;
  const rate = (perSecond: number): string =>
    perSecond.toLocaleString('en', { maximumFractionDigits: perSecond < 10 ? 1 : 0 });
  const exported = rate(rates.export.perSecond.likely);
  return `${ended}; exports of ${exported} and imports of ${rate(rates.import.perSecond.likely)} resources per second.`;
}
