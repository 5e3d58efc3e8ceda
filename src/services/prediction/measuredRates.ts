import { decodeEvent } from '../../engine/journal/eventFormat.ts';
import type { Plan } from '../../engine/plan.ts';
import { measureRates } from '../../engine/prediction/measure.ts';
import type { Rates } from '../../engine/prediction/rates.ts';
import type { MigrationHandle } from '../contract.ts';

/** Rates of the newest migration between the services of a plan, or of a rehearsal of it, that moved enough to tell. */
export async function measuredRates(
  plan: Plan,
  migrations: readonly Pick<MigrationHandle, 'overview' | 'journal'>[],
): Promise<Rates | undefined> {
  const similar = migrations
    .map((migration) => ({ migration, overview: migration.overview() }))
    .filter(({ overview }) => isSimilar(plan, overview.plan))
    .sort((a, b) => b.overview.createdAt - a.overview.createdAt);
  for (const { migration, overview } of similar) {
    const rates = await ratesOf(migration, overview.name);
    if (rates !== undefined) return rates;
  }
  return undefined;
}

/** What the jobs of one migration tell; undefined for too few of them. @throws FailureError `journal` */
export async function ratesOf(migration: Pick<MigrationHandle, 'journal'>, name: string): Promise<Rates | undefined> {
  const records = await migration.journal();
  return measureRates(
    records.map(({ text, sequence }) => decodeEvent(text, sequence)),
    name,
  );
}

function isSimilar(plan: Plan, other: Plan): boolean {
  if (key(plan.source.endpoint) !== key(other.source.endpoint)) return false;
  return key(plan.target.endpoint) === key(other.target.endpoint) || other.rehearsalOf === plan.name;
}

const key = (endpoint: string): string => endpoint.replace(/\/+$/, '').toLowerCase();
