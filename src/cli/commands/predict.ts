import { readFile, writeFile } from 'node:fs/promises';
import type { PlanInput } from '../../engine/plan.ts';
import { withRecords, type PlanRecords } from '../../services/planEditing.ts';
import { writtenPrediction } from '../../services/prediction/predictionText.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { predictionLines } from '../output/predictionLines.ts';
import { planIn, UsageError, type Session } from '../session.ts';

type Prices = NonNullable<PlanInput['prices']>;

export interface PriceOptions {
  readonly currency?: string;
  readonly throughputPrice?: number;
  readonly importPrice?: number;
  readonly stagingPrice?: number;
}

export interface PredictOptions extends PriceOptions {
  readonly plan: string;
  readonly keep: boolean;
}

/** Predicts what a plan takes, by the newest counts and measured rates, and keeps it in the plan file. */
export async function predict({ services, output, signal }: Session, options: PredictOptions): Promise<ExitCode> {
  const planned = await planIn(options.plan);
  const prices = pricesOf(options) ?? planned.prices;
  const plan = prices === undefined ? planned : { ...planned, prices };
  const { prediction, explanation } = await services.summarize(plan, signal);
  output.record('prediction', { plan: options.plan, ...prediction });
  output.line(explanation);
  for (const line of predictionLines(prediction)) output.line(line);
  if (options.keep) {
    const kept = {
      ...(prices === undefined ? {} : { prices }),
      predictions: writtenPrediction(prediction, Date.now()),
    };
    await keepRecords(options.plan, kept);
    output.line(`Kept in ${options.plan}.`);
  }
  return exitCodes.success;
}

/** Writes records into a plan file and leaves the rest of it as it is. */
export async function keepRecords(file: string, records: PlanRecords): Promise<void> {
  await writeFile(file, withRecords(await readFile(file, 'utf8'), records));
}

/** Prices as they were given; undefined for none. @throws UsageError for prices without a currency */
export function pricesOf({ currency, throughputPrice, importPrice, stagingPrice }: PriceOptions): Prices | undefined {
  const given = { throughputHour: throughputPrice, importedMillion: importPrice, stagingGigabyteMonth: stagingPrice };
  const prices = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (Object.keys(prices).length === 0) return undefined;
  if (currency === undefined) throw new UsageError('Give the currency of the prices with --currency.');
  return { currency, ...prices };
}
