import { RestError } from '@azure/storage-blob';
import { inParallel } from '../inParallel.ts';
import { JobFailure } from '../job.ts';
import type { JobRun } from '../jobQueue.ts';
import { HeldFiles } from './heldFiles.ts';
import type { ImportInput } from './importRequest.ts';
import { unitOffsets } from './unitLines.ts';
import { type UnitResult, UnitRun, type UnitSettings } from './unitRun.ts';

interface Unit {
  readonly input: InputFile;
  readonly offset: number;
  readonly workerId: string;
}

interface InputFile extends ImportInput {
  readonly bytes: number;
}

/** Files looked at at a time (fhir-server, ImportOrchestratorJob). */
const looksAtOnce = 16;
/** Files up to this size are read in one go, unless the service is slowed down. */
const readAtOnceBytes = 1_000_000;
/** Work units at a time. */
const unitsAtOnce = 8;

/** The work of one import. */
export class ImportRun {
  readonly #settings: UnitSettings;
  readonly #results: UnitResult[] = [];
  readonly #held: HeldFiles;
  #isSplit = false;

  constructor(settings: UnitSettings) {
    this.#settings = settings;
    this.#held = new HeldFiles(settings.account);
  }

  /** True once its files are checked and split into work units. */
  get isSplit(): boolean {
    return this.#isSplit;
  }

  /** The work units that have ended so far, in that order. */
  get results(): readonly UnitResult[] {
    return this.#results;
  }

  /** Checks the files, splits them and runs the units. @throws JobFailure */
  async execute(run: JobRun): Promise<void> {
    const { definition, context, account } = this.#settings;
    const refusal = context.storageRefusal(account.name);
    if (refusal !== undefined) throw new JobFailure(refusal.status, refusal.reason);
    const files = await inParallel(definition.inputs, looksAtOnce, (input) => this.#check(input, run.signal));
    const units = files.flatMap((file) =>
      unitOffsets(file.bytes, definition.bytesPerUnit).map((offset) => ({ input: file, offset })),
    );
    // Workers are queued in random order; a random order that repeats itself makes a failure reproducible.
    const queue = shuffled(units, Number(this.#settings.job.id)).map((unit) => ({
      ...unit,
      workerId: context.nextJobId(),
    }));
    this.#isSplit = true;
    await this.#runUnits(queue, run);
  }

  /** @throws JobFailure when a file is not there, cannot be read or has another ETag */
  async #check(input: ImportInput, signal: AbortSignal): Promise<InputFile> {
    signal.throwIfAborted();
    const { account } = this.#settings;
    const place = account.locate(input.url);
    if (place === undefined) throw new JobFailure(400, 'The specified blob address is not valid.');
    try {
      const { etag, bytes } = await account.properties(place.container, place.blob);
      // The server prints an ETag without the quotes of the header (Azure.ETag.ToString, as in the contract's example).
      if (input.etag !== undefined && input.etag !== etag.replace(/^"|"$/g, '')) {
        throw new JobFailure(400, `Input file Etag not match. ${input.url}`);
      }
      return { ...input, bytes };
    } catch (error) {
      throw error instanceof RestError ? storageFailure(error) : error;
    }
  }

  /** Lets units that run end when one of them fails, as workers do; the first failure is the job's. */
  async #runUnits(units: readonly Unit[], run: JobRun): Promise<void> {
    const { fault } = this.#settings.job;
    const failsAt = Math.floor(units.length / 2);
    let ended = 0;
    await inParallel(units, unitsAtOnce, async (unit, index) => {
      try {
        if (fault?.kind === 'fail' && index >= failsAt) throw new JobFailure(fault.status, fault.reason);
        const result = await this.#runUnit(unit, run);
        ended += 1;
        await run.reach(ended / units.length);
        this.#results.push(result);
      } catch (error) {
        throw error instanceof JobFailure ? workerFailure(error, unit.input.url) : error;
      }
    });
  }

  /** Such a file is read within one answer: nobody could meet its lease, which would double the requests of many small files. */
  #isReadAtOnce({ bytes }: InputFile): boolean {
    const { context, definition } = this.#settings;
    const { resourcesPerSecond, fixedMs } = context.spec().importTiming ?? {};
    const isTimed = resourcesPerSecond !== undefined || fixedMs !== undefined;
    return !isTimed && bytes <= Math.min(readAtOnceBytes, definition.bytesPerUnit);
  }

  async #runUnit({ input, offset, workerId }: Unit, run: JobRun): Promise<UnitResult> {
    const { account, definition } = this.#settings;
    checkContainerName(definition.errorContainer);
    const place = account.locate(input.url);
    if (place === undefined) throw new JobFailure(400, 'The specified blob address is not valid.');
    const { container, blob } = place;
    try {
      await account.createContainer(definition.errorContainer);
      const read = (): Promise<UnitResult> =>
        new UnitRun(this.#settings, input, offset).execute(account.stream(container, blob, offset), workerId, run);
      return await (this.#isReadAtOnce(input) ? read() : this.#held.reading(container, blob, read));
    } catch (error) {
      throw error instanceof RestError ? readFailure(error) : error;
    }
  }
}

function checkContainerName(name: string): void {
  if (name.length < 3 || name.length > 63) {
    throw new JobFailure(400, 'The error container name must be between 3 and 63 characters long.');
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    throw new JobFailure(
      400,
      "Error container name contains invalid characters. Only lowercase letters, numbers, and hyphens are allowed. The name must begin and end with a letter or a number. The name can't contain two consecutive hyphens.",
    );
  }
}

/** What the orchestrator tells when a file cannot be looked at: the storage service's status and words. */
function storageFailure(error: RestError): JobFailure {
  const code = error.response?.headers.get('x-ms-error-code') ?? error.code;
  const words: Readonly<Record<string, string>> = {
    BlobNotFound: 'The specified blob does not exist.',
    ContainerNotFound: 'The specified container does not exist.',
  };
  return new JobFailure(error.statusCode ?? 500, words[code ?? ''] ?? error.message);
}

/** What a worker tells when its file cannot be read. */
function readFailure(error: RestError): JobFailure {
  switch (error.statusCode) {
    case 401:
    case 403:
      return new JobFailure(400, 'Due to unauthorized request, import processing operation failed.');
    case 404:
      return new JobFailure(
        400,
        'Input file deleted, renamed, or moved during job. Import processing operation failed.',
      );
    default:
      return new JobFailure(error.statusCode ?? 500, error.message);
  }
}

function workerFailure({ status, reason }: JobFailure, inputUrl: string): JobFailure {
  return new JobFailure(status, `${status === 500 ? 'InternalServerError' : reason} ErrorFile: ${inputUrl}`);
}

/** Fisher and Yates with a generator that starts from `seed`. */
function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const result = [...items];
  let state = seed;
  for (let left = result.length - 1; left > 0; left -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (left + 1);
    const [a, b] = [result[left], result[other]];
    if (a !== undefined && b !== undefined) [result[left], result[other]] = [b, a];
  }
  return result;
}
