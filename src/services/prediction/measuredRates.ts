import { decodeEvent } from '../../engine/journal/eventFormat.ts';
import type { Plan } from '../../engine/plan.ts';
import { measureRates } from '../../engine/prediction/measure.ts';
import type { Rates, StageRate } from '../../engine/prediction/rates.ts';
import type { MigrationHandle } from '../contract.ts';

/** Services of other sizes are faster or slower: how far the rates of other services are stretched. */
const foreignSpread = 2;

/**
 * Rates of the newest migration between the services of a plan, or of a rehearsal of it, that moved enough to tell; else,
 * with wider ranges, of the newest one between other services of the same kinds. Undefined: nothing was measured.
 */
export async function measuredRates(
  plan: Plan,
  migrations: readonly Pick<MigrationHandle, 'overview' | 'journal'>[],
): Promise<Rates | undefined> {
  const newestFirst = migrations
    .map((migration) => ({ migration, overview: migration.overview() }))
    .sort((a, b) => b.overview.createdAt - a.overview.createdAt);
  for (const { migration, overview } of newestFirst)
    if (isSimilar(plan, overview.plan)) {
      const rates = await ratesOf(migration, overview.name);
      if (rates !== undefined) return rates;
    }
  for (const { migration, overview } of newestFirst)
    if (!isSimilar(plan, overview.plan) && isOfSameKinds(plan, overview.plan)) {
      const rates = await ratesOf(migration, overview.name);
      if (rates !== undefined) return ofOthers(rates, overview.plan);
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

const isOfSameKinds = (plan: Plan, other: Plan): boolean =>
  plan.source.kind === other.source.kind && plan.target.kind === other.target.kind;

function ofOthers(rates: Rates, { source, target }: Plan): Rates {
  const wider = ({ fixedMs, perSecond: { least, likely, most } }: StageRate): StageRate => ({
    fixedMs,
    perSecond: { least: least / foreignSpread, likely, most: most * foreignSpread },
  });
  const whose = `That was from ${source.name} to ${target.name}, so that ranges are wider. Rehearse the plan for rates of these services.`;
  return { ...rates, export: wider(rates.export), import: wider(rates.import), basis: [...rates.basis, whose] };
}

const key = (endpoint: string): string => endpoint.replace(/\/+$/, '').toLowerCase();
