import { FailureError } from '../../../src/failure/failure.ts';
import type { Instant } from '../../../src/engine/ports.ts';
import { Process, type Troublemaker } from '../../unit/engine/simulation/effects.ts';
import { container } from '../../unit/engine/simulation/stagingModel.ts';
import { day, minute, type World } from '../../unit/engine/simulation/world.ts';

/*
 * The algorithm of Azure/apiforfhir-migration-tool as read in its source, over the same simulated services as our
 * engine: one orchestration at each tick of a timer, strictly one chunk after the other, its memory in tables. Names of
 * states are those of its tables. Durable Functions repeat an activity whose process died.
 */

const tick = 60 * minute;
const look = 2 * minute;
const chunkDays = 30;
/** 10,000 in the tool; the models hold few files. */
const filesPerPayload = 2;
const exportRetries = 5;

/** A row of the tables: one chunk. */
export interface Chunk {
  readonly since: Instant;
  readonly till: Instant;
  status: 'Started' | 'Running' | 'Completed' | 'Failed';
  jobId: string | undefined;
  /** Payload blobs: those to submit, those that were copied, the running jobs. */
  toSubmit: string[][];
  copied: Set<number>;
  importJobs: string[];
  payloadsDone: number;
  payloads: number;
  /** The watermark passed it. */
  advanced: boolean;
}

export interface ReferenceRun {
  readonly chunks: readonly Chunk[];
  /** `done`: the watermark reached the end; `halted`: it says that it gave up; `idle`: neither, however long one waits. */
  readonly end: 'done' | 'halted' | 'idle';
}

/** Lets the tool run until everything before an instant is behind its watermark, for so many ticks at most. */
export async function runReferenceTool(
  world: World,
  trouble: Troublemaker,
  { ticks, frozenAt }: { readonly ticks: number; readonly frozenAt: Instant },
): Promise<ReferenceRun> {
  const tool = new ReferenceTool(world, trouble, frozenAt);
  const end = await world.clock.run(tool.run(ticks));
  return { chunks: tool.chunks, end };
}

class ReferenceTool {
  readonly chunks: Chunk[] = [];
  readonly #world: World;
  readonly #trouble: Troublemaker;
  readonly #effects = { count: 0 };
  readonly #signal = new AbortController().signal;
  readonly #end: Instant;
  #since: Instant | undefined;
  #failedExports = 0;
  /** Nobody looks on for longer. */
  #patienceEnds = Infinity;

  constructor(world: World, trouble: Troublemaker, frozenAt: Instant) {
    this.#world = world;
    this.#trouble = trouble;
    this.#end = frozenAt;
  }

  async run(ticks: number): Promise<ReferenceRun['end']> {
    this.#patienceEnds = this.#world.clock.now() + ticks * tick;
    for (let number = 0; number < ticks; number += 1) {
      await this.#orchestrate().catch(() => undefined);
      if (this.#world.clock.now() > this.#patienceEnds) break;
      if ((this.#since ?? -Infinity) >= this.#end) return 'done';
      if (this.#failedExports >= exportRetries) return 'halted';
      await this.#sleep(tick - (this.#world.clock.now() % tick));
    }
    return 'idle';
  }

  async #orchestrate(): Promise<void> {
    const isBusy = this.chunks.some(
      (chunk) => chunk.status === 'Started' || chunk.status === 'Running' || this.#isImporting(chunk),
    );
    if (!isBusy) await this.#startExport();
    await this.#watchExport();
    await this.#submitImports();
    await this.#watchImport();
  }

  /** POST, then a row under the key of the chunk, then the id of the job into the row. */
  async #startExport(): Promise<void> {
    const since = this.#since ?? this.#earliest();
    // The clock of its own host says what is past.
    const till = Math.min(since + chunkDays * day, this.#world.clock.now());
    let row: Chunk | undefined;
    const activity = async (process: Process): Promise<void> => {
      const job = await this.#tries(() =>
        process.do('start export', () =>
          this.#world.source.start({
            ...(this.#since === undefined ? {} : { since }),
            till,
            container,
            history: false,
            softDeleted: true,
            parallel: true,
          }),
        ),
      );
      if (this.chunks.some((chunk) => chunk.since === since && !chunk.advanced && chunk.jobId === undefined))
        throw new Error('EntityAlreadyExists');
      const added: Chunk = {
        since,
        till,
        status: 'Started',
        jobId: undefined,
        toSubmit: [],
        copied: new Set(),
        importJobs: [],
        payloadsDone: 0,
        payloads: 0,
        advanced: false,
      };
      await process.do('add row', () => void this.chunks.push(added));
      await process.do('update row', () => {
        added.jobId = job.id;
        added.status = 'Running';
      });
      row = added;
    };
    await this.#activity(activity);
    if (row === undefined) this.#failedExports += 1;
  }

  async #watchExport(): Promise<void> {
    const chunk = this.chunks.find(({ status }) => status === 'Running' || status === 'Started');
    const { jobId } = chunk ?? {};
    if (chunk === undefined || jobId === undefined) return;
    for (let confirmed = 0; confirmed < 3;) {
      const status = await this.#activity((process) =>
        this.#tries(() => process.do('export status', () => this.#world.source.status(jobId))),
      );
      if (status === undefined || status.state === 'failed' || status.state === 'gone') {
        // Any answer but 200 and 202 ends the export; its job is left to itself.
        chunk.status = 'Failed';
        chunk.advanced = true;
        this.#failedExports += 1;
        return;
      }
      if (status.state === 'running') {
        await this.#sleep(look);
        continue;
      }
      confirmed += 1;
      if (confirmed < 3) {
        await this.#sleep(minute);
        continue;
      }
      // Entries of the manifest's error list are counted, and passed by.
      const urls = status.manifest.output.map(({ url }) => url);
      for (let from = 0; from < urls.length; from += filesPerPayload)
        chunk.toSubmit.push(urls.slice(from, from + filesPerPayload));
      chunk.payloads = chunk.toSubmit.length;
      chunk.status = 'Completed';
      this.#failedExports = 0;
      if (chunk.payloads === 0) this.#advance(chunk);
    }
  }

  /** Each payload: POST, copy its blob without overwriting, delete it. */
  async #submitImports(): Promise<void> {
    const chunk = this.chunks.find((one) => one.status === 'Completed' && one.toSubmit.length > 0);
    if (chunk === undefined) return;
    for (const payload of chunk.toSubmit.slice(0, 5)) {
      const number = chunk.payloads - chunk.toSubmit.length;
      const submitted = await this.#activity(async (process) => {
        const job = await this.#tries(() => process.do('start import', () => this.#startImport(payload)));
        if (chunk.copied.has(number)) throw new Error('BlobAlreadyExists');
        await process.do('copy payload', () => void chunk.copied.add(number));
        await process.do('delete payload', () => void chunk.toSubmit.shift());
        return job.id;
      });
      if (submitted === undefined) return;
      chunk.importJobs.push(submitted);
    }
  }

  #startImport(urls: readonly string[]): { readonly id: string } {
    const files = urls.map((url) => {
      const type = /\/([A-Za-z]+)-[^/]*$/.exec(url)?.[1] ?? '';
      return { type, url, etag: this.#world.staging.blob(url)?.etag ?? '' };
    });
    return this.#world.target.start({ files, errorContainer: `${container}-errors`, allowNegativeVersions: false });
  }

  /** The first running row only, to its end. A payload that failed counts as one that is completed. */
  async #watchImport(): Promise<void> {
    const chunk = this.chunks.find((one) => one.importJobs.length > 0);
    const job = chunk?.importJobs[0];
    if (chunk === undefined || job === undefined) return;
    for (;;) {
      const status = await this.#activity((process) =>
        this.#tries(() => process.do('import status', () => this.#world.target.status(job))),
      );
      if (status?.state === 'running') {
        await this.#sleep(look);
        continue;
      }
      chunk.importJobs.shift();
      chunk.payloadsDone += 1;
      // Refused lines are counted, and passed by; a single payload that failed is exported again.
      const isFailed = status?.state !== 'completed';
      if (isFailed && chunk.payloads === 1) {
        chunk.status = 'Failed';
        chunk.advanced = true;
        this.#failedExports += 1;
        return;
      }
      if (chunk.payloadsDone === chunk.payloads) this.#advance(chunk);
      return;
    }
  }

  #advance(chunk: Chunk): void {
    chunk.advanced = true;
    this.#since = chunk.till;
  }

  #isImporting(chunk: Chunk): boolean {
    return chunk.status === 'Completed' && !chunk.advanced;
  }

  /** Repeated once by the framework when its process died; undefined when it threw. */
  async #activity<T>(work: (process: Process) => Promise<T>): Promise<T | undefined> {
    for (;;) {
      let died = (): void => undefined;
      const death = new Promise<'died'>((resolve) => {
        died = () => resolve('died');
      });
      const process = new Process(this.#effects, this.#trouble, died);
      const done = work(process).then(
        (value) => ({ value }),
        () => ({ value: undefined }),
      );
      const result = await Promise.race([done, death]);
      if (result !== 'died') return result.value;
    }
  }

  /** Three tries, 2, 4 and 8 seconds apart. */
  async #tries<T>(work: () => Promise<T>): Promise<T> {
    for (let wait = 2_000; ; wait *= 2) {
      try {
        return await work();
      } catch (error) {
        if (!FailureError.is(error) || wait > 8_000) throw error;
        await this.#sleep(wait);
      }
    }
  }

  #earliest(): Instant {
    const dates = [...this.#world.source.store.everything()].map((versions) => versions.at(-1)?.lastUpdated ?? 0);
    return Math.min(...dates);
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#world.clock.now() > this.#patienceEnds) throw new Error('It would go on for ever.');
    await this.#world.clock.sleep(ms, this.#signal);
  }
}
