import type { BlobAccount } from '../../blob/blobAccount.ts';
import type { FhirServiceContext } from '../../fhir/operations.ts';
import type { Job } from '../job.ts';
import type { JobRun } from '../jobQueue.ts';
import { type ImportLine, parseImportLine, type RefusedLine } from './importLine.ts';
import type { ImportDefinition, ImportInput } from './importRequest.ts';
import { mergeInitial } from './merge.ts';
import { mergeIncremental } from './mergeIncremental.ts';
import type { SurrogateIds } from './surrogateIds.ts';
import { UnitErrors } from './unitErrors.ts';
import { type UnitLine, unitLines } from './unitLines.ts';

/** What one work unit did. */
export interface UnitResult {
  readonly input: ImportInput;
  /** Lines that are loaded now or were there before. */
  readonly loaded: number;
  readonly refused: number;
  readonly errorUrl: string | undefined;
}

/** What the units of a job share. */
export interface UnitSettings {
  readonly context: FhirServiceContext;
  readonly definition: ImportDefinition;
  readonly job: Job;
  readonly account: BlobAccount;
  readonly surrogateIds: SurrogateIds;
}

/** Lines per transaction (fhir-server, ImportJobConfiguration: TransactionSize). */
const batchSize = 1_000;

/** Loads the lines of one part of one file. */
export class UnitRun {
  readonly #settings: UnitSettings;
  readonly #input: ImportInput;
  readonly #offset: number;
  readonly #errors: UnitErrors;
  #loaded = 0;

  constructor(settings: UnitSettings, input: ImportInput, offset: number) {
    this.#settings = settings;
    this.#input = input;
    this.#offset = offset;
    this.#errors = new UnitErrors(offset);
  }

  /** @param workerId names the error file */
  async execute(bytes: AsyncIterable<Buffer>, workerId: string, run: JobRun): Promise<UnitResult> {
    const { definition, job, account } = this.#settings;
    let batch: UnitLine[] = [];
    for await (const lines of unitLines(bytes, this.#offset, definition.bytesPerUnit)) {
      for (const line of lines) {
        batch.push(line);
        if (batch.length < batchSize) continue;
        await this.#load(batch, run);
        batch = [];
      }
    }
    if (batch.length > 0) await this.#load(batch, run);
    const refused = this.#errors.count;
    const name = `${this.#input.type ?? ''}${job.id}_${workerId}.ndjson`;
    const errorUrl = await this.#errors.write(account, definition.errorContainer, name);
    return { input: this.#input, loaded: this.#loaded, refused, errorUrl };
  }

  async #load(batch: readonly UnitLine[], run: JobRun): Promise<void> {
    await run.pace(batch.length);
    const { context, definition, surrogateIds } = this.#settings;
    const now = context.clock.now();
    const rules = { mode: definition.mode, type: this.#input.type, now };
    const valid: ImportLine[] = [];
    for (const line of this.#survivors(batch)) {
      const parsed = 'error' in line ? line : parseImportLine(line, rules);
      if ('error' in parsed) this.#errors.addRefused(parsed);
      else valid.push(parsed);
    }
    surrogateIds.take(context.store, valid);
    const refusals =
      definition.mode === 'InitialLoad'
        ? mergeInitial(context.store, valid, now)
        : mergeIncremental(context.store, valid, definition.allowNegativeVersions, now);
    this.#errors.addRefusals(refusals);
    this.#loaded += valid.length - refusals.duplicates.length - refusals.conflicts.length;
  }

  /** The lines that the job's fault leaves. */
  *#survivors(batch: readonly UnitLine[]): Generator<UnitLine | RefusedLine> {
    const { fault } = this.#settings.job;
    for (const line of batch) {
      const struck = fault !== undefined && 'every' in fault && line.index % fault.every === 0;
      if (!struck) yield line;
      else if (fault.kind === 'refuseLines') yield { index: line.index, error: fault.text };
    }
  }
}
