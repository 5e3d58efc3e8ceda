import { readFile, writeFile } from 'node:fs/promises';
import type { PlanInput } from '../../engine/plan.ts';
import { draftPlan } from '../../services/planDraft.ts';
import { readPlan } from '../../services/planReading.ts';
import { writtenPrediction } from '../../services/prediction/predictionText.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { predictionLines } from '../output/predictionLines.ts';
import { serviceAt } from '../serviceAt.ts';
import { stagingAt } from '../stagingAt.ts';
import { UsageError, type Session } from '../session.ts';
import { keepRecords, pricesOf, type PriceOptions } from './predict.ts';

export interface PlanOptions extends PriceOptions {
  readonly source: string;
  readonly target: string;
  readonly staging?: string;
  readonly name?: string;
  readonly types?: readonly string[];
  readonly since?: string;
  readonly till?: string;
  readonly history?: boolean;
  readonly softDeleted: boolean;
  readonly shared?: boolean;
  /** True: with the default lag target; else seconds. */
  readonly sync?: true | string;
  readonly follow?: true | string;
  readonly nice?: number;
  readonly typeFilter?: readonly string[];
  readonly perType?: boolean;
  readonly deidentify?: string;
  readonly out?: string;
  readonly force?: boolean;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`);
  }
}

/** Writes a plan file from two services, and says what it will move. */
export async function plan({ services, output, signal }: Session, options: PlanOptions): Promise<ExitCode> {
  const [source, target] = await Promise.all([
    serviceAt(services, options.source, signal),
    serviceAt(services, options.target, signal),
  ]);
  const account = options.staging ?? target.importStorageAccount ?? source.exportStorageAccount;
  if (account === undefined) {
    throw new UsageError(
      'Neither service names a storage account: give one with --staging (name, resource id or blob endpoint).',
    );
  }
  const staging = await stagingAt(services, account, target.tenantId ?? source.tenantId, signal);
  const text = draftPlan(
    options.name ?? `${source.name} to ${target.name}`,
    source,
    target,
    staging,
    await scopeOf(services, staging, options, signal),
    {
      ...(options.shared === true ? { journal: 'staging' } : {}),
      ...syncOf(options),
      ...optionsOf(options),
    },
  );
  const reading = readPlan(text);
  if (reading.plan === undefined) throw new UsageError(reading.problems.map(({ message }) => message).join('\n'));
  const file = options.out ?? 'migration.fhirmigration.json';
  try {
    await writeFile(file, text, { flag: options.force === true ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UsageError(`${file} exists already. Choose another name with --out, or overwrite it with --force.`);
  }
  const prices = pricesOf(options);
  const priced = prices === undefined ? reading.plan : { ...reading.plan, prices };
  const summary = await services.summarize(priced, signal);
  const predictions = writtenPrediction(summary.prediction, Date.now());
  await keepRecords(file, { ...(prices === undefined ? {} : { prices }), predictions });
  output.record('plan', { file, plan: reading.plan, summary });
  output.line(`Wrote ${file}.`);
  output.line(summary.explanation);
  for (const line of predictionLines(summary.prediction)) output.line(line);
  return exitCodes.success;
}

async function scopeOf(
  services: Session['services'],
  staging: PlanInput['staging'],
  options: PlanOptions,
  signal: AbortSignal,
): Promise<NonNullable<PlanInput['scope']>> {
  const { types, since, till, typeFilter, deidentify } = options;
  return {
    ...(types === undefined ? {} : { resourceTypes: [...types] }),
    ...(since === undefined ? {} : { since }),
    ...(till === undefined ? {} : { till }),
    history: options.history === true,
    softDeleted: options.softDeleted && typeFilter === undefined,
    ...(typeFilter === undefined ? {} : { typeFilters: [...typeFilter] }),
    ...(deidentify === undefined
      ? {}
      : { deidentified: await services.uploadDeidentification(staging, await textOf(deidentify), signal) }),
  };
}

function optionsOf({ nice, perType }: PlanOptions): Pick<PlanInput, 'options'> {
  if (nice === undefined && perType !== true) return {};
  return { options: { ...(nice === undefined ? {} : { nice }), ...(perType === true ? { perType } : {}) } };
}

function syncOf({ sync, follow }: PlanOptions): Pick<PlanInput, 'sync'> {
  if (sync !== undefined && follow !== undefined) throw new UsageError('Give --sync or --follow, not both.');
  const lag = follow ?? sync;
  if (lag === undefined) return {};
  const seconds = lag === true ? undefined : Number(lag);
  return {
    sync: {
      purpose: follow === undefined ? 'cutover' : 'follow',
      ...(seconds === undefined ? {} : { lagTargetSeconds: seconds }),
    },
  };
}
