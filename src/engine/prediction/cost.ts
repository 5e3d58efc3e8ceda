import type { Plan } from '../plan.ts';
import { combine, type Estimate, scaled } from './estimate.ts';
import type { Cost, Variant } from './prediction.ts';

type Prices = NonNullable<Plan['prices']>;

/** A month as Azure bills storage: 730 hours. */
const monthMs = 730 * 3_600_000;

/** What a variant costs by the prices that the user entered; items without a price, or without a figure, are left out. */
export function costOf(
  { currency, throughputHour, importedMillion, stagingGigabyteMonth }: Prices,
  { throughputHours, imported, stagingBytes }: Pick<Variant, 'throughputHours' | 'imported' | 'stagingBytes'>,
  durationMs: Estimate | undefined,
): Cost | undefined {
  const gigabyteMonths =
    stagingBytes && durationMs && combine(stagingBytes, durationMs, (bytes, ms) => (bytes / 1e9) * (ms / monthMs));
  const priced = [
    { what: 'throughput' as const, amount: times(throughputHours, throughputHour) },
    { what: 'import' as const, amount: times(imported, importedMillion, 1e-6) },
    { what: 'staging' as const, amount: times(gigabyteMonths, stagingGigabyteMonth) },
  ];
  const items = priced.flatMap(({ what, amount }) => (amount === undefined ? [] : [{ what, amount }]));
  if (items.length === 0) return undefined;
  const total = items.map(({ amount }) => amount).reduce((sum, each) => combine(sum, each, (a, b) => a + b));
  return { currency, total, items };
}

const times = (amount: Estimate | undefined, price: number | undefined, unit = 1): Estimate | undefined =>
  amount === undefined || price === undefined ? undefined : scaled(amount, price * unit);
