import type { JobFault } from '../contract.ts';

/** `forgotten`: the service has lost it; whatever it did stays done. */
export type JobState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'forgotten';

/** Ends a job: `reason` is what its status tells, with that HTTP status. */
export class JobFailure extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string) {
    super(reason);
    this.name = 'JobFailure';
    this.status = status;
    this.reason = reason;
  }
}

/** A job of a service, from its registration on. */
export class Job {
  readonly id: string;
  /** Sandbox milliseconds. */
  readonly createdAt: number;
  readonly fault: JobFault['effect'] | undefined;
  readonly #abort = new AbortController();
  #state: JobState = 'queued';
  #endedAt: number | undefined;
  #failure: JobFailure | undefined;

  constructor(id: string, createdAt: number, fault: JobFault['effect'] | undefined) {
    this.id = id;
    this.createdAt = createdAt;
    this.fault = fault;
  }

  get state(): JobState {
    return this.#state;
  }

  get isActive(): boolean {
    return this.#state === 'queued' || this.#state === 'running';
  }

  /** Set once its work has ended, in whatever way. */
  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  get failure(): JobFailure | undefined {
    return this.#failure;
  }

  /** Aborted when the job is cancelled or the service stops. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  start(): void {
    if (this.#state === 'queued') this.#state = this.fault?.kind === 'forget' ? 'forgotten' : 'running';
  }

  complete(now: number): void {
    this.#end('completed', now);
  }

  fail(failure: JobFailure, now: number): void {
    this.#failure = failure;
    this.#end('failed', now);
  }

  /** Also after its end: a completed export can be cancelled. */
  cancel(now: number): void {
    this.#state = 'cancelled';
    this.#endedAt ??= now;
    this.#abort.abort();
  }

  /** Ends the work without a result: the service goes down. */
  abandon(): void {
    this.#abort.abort();
  }

  #end(state: JobState, now: number): void {
    this.#endedAt ??= now;
    if (this.isActive) this.#state = state;
  }
}
