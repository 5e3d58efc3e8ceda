import type { JobFault, JobTiming, SandboxClock } from '../../contract.ts';
import { fhirError } from '../outcome.ts';
import { appliesTo, type ParameterRegistry, type RegisteredParameter } from '../parameters/registry.ts';
import type { TimeOrderedStore } from '../store.ts';

export type ReindexState = 'Queued' | 'Running' | 'Completed' | 'Failed' | 'Canceled';

export interface ReindexOptions {
  readonly maximumNumberOfResourcesPerQuery: number;
  readonly maximumNumberOfResourcesPerWrite: number;
}

/** A reindex job. Times are milliseconds of the sandbox's clock. */
export interface ReindexJob extends ReindexOptions {
  readonly id: string;
  readonly queuedAt: number;
  readonly startsAt: number;
  readonly endsAt: number;
  /** Resources to reindex by type. */
  readonly counts: ReadonlyMap<string, number>;
  /** Addresses of the parameters that the job brings into force. */
  readonly parameters: readonly string[];
  readonly workerIds: ReadonlySet<string>;
  /** How it ended, or undefined while it is under way. */
  ended:
    { readonly state: 'Completed' | 'Failed' | 'Canceled'; readonly at: number; readonly reason?: string } | undefined;
}

export interface ReindexSurroundings {
  readonly clock: SandboxClock;
  readonly registry: ParameterRegistry;
  readonly store: TimeOrderedStore;
  timing(): JobTiming | undefined;
  nextJobId(): string;
  takeFault(): JobFault['effect'] | undefined;
  /** Removes the resource of a parameter whose deletion waited for the reindex. */
  removeParameter(url: string, hard: boolean): void;
}

const changing = ['Supported', 'PendingDelete', 'PendingHardDelete', 'PendingDisable'];

/** The reindex jobs of one service, at most one of which is under way. Their progress follows from the clock. */
export class ReindexJobs {
  private readonly around: ReindexSurroundings;
  private readonly jobs = new Map<string, ReindexJob>();
  private readonly faults = new Map<string, JobFault['effect']>();

  constructor(around: ReindexSurroundings) {
    this.around = around;
  }

  /** Queues a job; with one under way, gives that one and starts none. */
  start(options: ReindexOptions): ReindexJob {
    const running = this.active();
    if (running !== undefined) return running;
    const { clock, registry } = this.around;
    const changes = registry.all().filter(({ state }) => changing.includes(state));
    const counts = this.countsFor(changes);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const queuedAt = clock.now();
    const { pickUpMs = 0, fixedMs, resourcesPerSecond, settleMs = 0 } = this.around.timing() ?? {};
    const duration = fixedMs ?? (resourcesPerSecond === undefined ? 0 : (total / resourcesPerSecond) * 1_000);
    const job: ReindexJob = {
      ...options,
      id: this.around.nextJobId(),
      queuedAt,
      startsAt: queuedAt + pickUpMs,
      endsAt: queuedAt + pickUpMs + duration + settleMs,
      counts,
      parameters: changes.map(({ definition }) => definition.url),
      workerIds: new Set([...counts.keys()].map(() => this.around.nextJobId())),
      ended: undefined,
    };
    this.jobs.set(job.id, job);
    const fault = this.around.takeFault();
    if (fault !== undefined) this.faults.set(job.id, fault);
    return job;
  }

  /** The job that is queued or runs. */
  active(): ReindexJob | undefined {
    return [...this.jobs.values()].find((job) => job.ended === undefined);
  }

  /** @throws FhirError 404 */
  get(id: string): ReindexJob {
    const parent = [...this.jobs.values()].find((job) => job.workerIds.has(id));
    if (parent !== undefined) {
      const text = `Found job id '${id}', but it is a child job and not the primary reindex job.`;
      throw fhirError(404, 'not-found', text);
    }
    const job = this.jobs.get(id);
    if (job === undefined || this.faults.get(id)?.kind === 'forget') {
      throw fhirError(404, 'not-found', `The requested job "${id}" was not found.`);
    }
    return job;
  }

  /** @throws FhirError 400 when it has ended, 404 when it is not there */
  cancel(id: string): ReindexJob {
    const job = this.get(id);
    if (job.ended !== undefined) {
      const text = `Reindex job id ${id} is in state ${job.ended.state} and cannot be cancelled.`;
      throw fhirError(400, 'invalid', text);
    }
    job.ended = { state: 'Canceled', at: this.around.clock.now() };
    return job;
  }

  list(): readonly { readonly id: string; readonly operation: string; readonly state: string }[] {
    return [...this.jobs.values()].map((job) => ({ id: job.id, operation: 'reindex', state: this.stateOf(job) }));
  }

  stateOf(job: ReindexJob): ReindexState {
    if (job.ended !== undefined) return job.ended.state;
    return this.around.clock.now() < job.startsAt ? 'Queued' : 'Running';
  }

  /** Resources done so far. */
  progressOf(job: ReindexJob): number {
    const total = [...job.counts.values()].reduce((sum, count) => sum + count, 0);
    if (job.ended?.state === 'Completed') return total;
    const now = job.ended?.at ?? this.around.clock.now();
    const share = (now - job.startsAt) / Math.max(1, job.endsAt - job.startsAt);
    return Math.max(0, Math.min(total, Math.floor(total * share)));
  }

  /** Ends the job whose time has come. Called before every request, so that nobody sees it late. */
  settle(): void {
    const job = this.active();
    if (job === undefined || this.around.clock.now() < job.endsAt) return;
    const fault = this.faults.get(job.id);
    if (fault?.kind === 'stuck') return;
    if (fault?.kind === 'fail') {
      job.ended = { state: 'Failed', at: job.endsAt, reason: fault.reason };
      return;
    }
    job.ended = { state: 'Completed', at: job.endsAt };
    for (const url of job.parameters) this.bringIntoForce(url);
  }

  private bringIntoForce(url: string): void {
    const { registry } = this.around;
    switch (registry.byUrl(url)?.state) {
      case 'Supported':
        registry.setState(url, 'Enabled');
        return;
      case 'PendingDisable':
        registry.setState(url, 'Disabled');
        return;
      case 'PendingDelete':
        this.around.removeParameter(url, false);
        registry.setState(url, 'Deleted');
        return;
      case 'PendingHardDelete':
        this.around.removeParameter(url, true);
        registry.setState(url, 'Deleted');
        return;
      default:
    }
  }

  private countsFor(changes: readonly RegisteredParameter[]): ReadonlyMap<string, number> {
    const { store } = this.around;
    const counts = new Map<string, number>();
    for (const type of store.types()) {
      if (!changes.some(({ definition }) => appliesTo(definition, type))) continue;
      let count = 0;
      for (const version of store.currents(type)) if (!version.deleted) count += 1;
      if (count > 0) counts.set(type, count);
    }
    return counts;
  }
}
