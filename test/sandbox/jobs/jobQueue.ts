import type { JobTiming, SandboxClock } from '../contract.ts';
import { type Job, JobFailure } from './job.ts';
import { SharedRate } from './sharedRate.ts';

/** What a job's work gets to run with. */
export interface JobRun {
  readonly signal: AbortSignal;
  /** To be awaited for every few hundred lines: keeps to the service's throughput and lets requests be answered. */
  pace(lines: number): Promise<void>;
  /** Resolves when that part (0 to 1) of the job's fixed duration has passed; at once without one. */
  reach(part: number): Promise<void>;
}

export interface JobQueueSettings {
  readonly clock: SandboxClock;
  /** As they are now. */
  readonly timing: () => JobTiming;
  /** How many jobs run at once; the others stay queued. */
  readonly atOnce: () => number;
}

/** Picks up, runs and ends the jobs of one operation of a service. */
export class JobQueue {
  readonly #settings: JobQueueSettings;
  readonly #rate: SharedRate;
  readonly #working = new Map<Job, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(settings: JobQueueSettings) {
    this.#settings = settings;
    this.#rate = new SharedRate(settings.clock, () => settings.timing().resourcesPerSecond);
  }

  /** Runs `work` when its turn comes. It ends the job by returning or by throwing a JobFailure. */
  submit(job: Job, work: (run: JobRun) => Promise<void>): void {
    const done = this.#execute(job, work).finally(() => this.#working.delete(job));
    this.#working.set(job, done);
  }

  /** Ends all work without a result. */
  async stop(): Promise<void> {
    for (const job of this.#working.keys()) job.abandon();
    await Promise.all(this.#working.values());
  }

  async #execute(job: Job, work: (run: JobRun) => Promise<void>): Promise<void> {
    const { clock, timing } = this.#settings;
    try {
      await clock.sleep(timing().pickUpMs ?? 0, job.signal);
      await this.#turn(job.signal);
      try {
        await this.#work(job, work);
      } finally {
        this.#release();
      }
    } catch (error) {
      if (job.signal.aborted) return;
      job.fail(error instanceof JobFailure ? error : unexpected(error), clock.now());
    }
  }

  async #work(job: Job, work: (run: JobRun) => Promise<void>): Promise<void> {
    const { clock, timing } = this.#settings;
    job.start();
    const startedAt = clock.now();
    const reach = (part: number): Promise<void> =>
      clock.sleep(startedAt + (timing().fixedMs ?? 0) * part - clock.now(), job.signal);
    if (job.fault?.kind === 'stuck') await ended(job.signal);
    await work({ signal: job.signal, pace: (lines) => this.#rate.take(lines, job.signal), reach });
    await reach(1);
    job.complete(clock.now());
  }

  /** Resolves when the job may run, in the order of asking. */
  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#running < this.#settings.atOnce()) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(new DOMException('The job was ended while it waited.', 'AbortError'));
      };
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(go);
    });
  }

  /** Hands the place on to the next in line, so that no newcomer can overtake it. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(new DOMException('The job was ended.', 'AbortError'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** A fault of the sandbox itself, which must not pass for one that was asked for. */
function unexpected(error: unknown): JobFailure {
  return new JobFailure(500, `Sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}
