import type { JobTiming, SandboxClock, StoredVersion } from '../../contract.ts';
import { fhirError } from '../outcome.ts';
import type { ResourceWriter } from '../write/writer.ts';

/** How resources are deleted. */
export type BulkDeleteKind = 'soft' | 'hard' | 'purgeHistory';

export interface BulkDeleteOrder {
  readonly kind: BulkDeleteKind;
  /** Resources to delete, looked up when the job runs. */
  selected(): Iterable<StoredVersion>;
}

export interface BulkDeleteJob extends BulkDeleteOrder {
  readonly id: string;
  readonly endsAt: number;
  readonly deleted: Map<string, number>;
  state: 'Running' | 'Completed' | 'Failed' | 'Cancelled';
  failure: string | undefined;
}

export interface BulkDeleteSurroundings {
  readonly clock: SandboxClock;
  readonly writer: ResourceWriter;
  timing(): JobTiming | undefined;
  nextJobId(): string;
  activeReindex(): string | undefined;
}

/** The bulk deletes of one service. Each does its work at the moment its time has come. */
export class BulkDeleteJobs {
  private readonly around: BulkDeleteSurroundings;
  private readonly jobs = new Map<string, BulkDeleteJob>();

  constructor(around: BulkDeleteSurroundings) {
    this.around = around;
  }

  start(order: BulkDeleteOrder): BulkDeleteJob {
    const { pickUpMs = 0, fixedMs = 0, settleMs = 0 } = this.around.timing() ?? {};
    const job: BulkDeleteJob = {
      ...order,
      id: this.around.nextJobId(),
      endsAt: this.around.clock.now() + pickUpMs + fixedMs + settleMs,
      deleted: new Map(),
      state: 'Running',
      failure: undefined,
    };
    this.jobs.set(job.id, job);
    return job;
  }

  /** @throws FhirError 404 */
  get(id: string): BulkDeleteJob {
    const job = this.jobs.get(id);
    if (job === undefined) throw fhirError(404, 'not-found', `The requested job "${id}" was not found.`);
    return job;
  }

  /** @throws FhirError 404, or 409 when it has ended */
  cancel(id: string): void {
    const job = this.get(id);
    if (job.state === 'Completed' || job.state === 'Failed') {
      throw fhirError(409, 'processing', 'Bulk delete operation has already completed');
    }
    job.state = 'Cancelled';
  }

  list(): readonly { readonly id: string; readonly operation: string; readonly state: string }[] {
    return [...this.jobs.values()].map(({ id, state }) => ({ id, operation: 'bulk-delete', state }));
  }

  /** Does the work of the jobs whose time has come. Called before every request. */
  settle(): void {
    for (const job of this.jobs.values()) {
      if (job.state === 'Running' && this.around.clock.now() >= job.endsAt) this.run(job);
    }
  }

  private run(job: BulkDeleteJob): void {
    const reindex = this.around.activeReindex();
    for (const { type, id } of Array.from(job.selected())) {
      if (type === 'SearchParameter' && reindex !== undefined) {
        job.failure = `Changes to search parameters are not allowed while a reindex job is in progress. Wait for the reindex job with Id: ${reindex} to finish, or cancel it.`;
        job.state = 'Failed';
        return;
      }
      if (job.kind === 'soft') this.around.writer.delete(type, id);
      else if (job.kind === 'hard') this.around.writer.hardDelete(type, id);
      else this.around.writer.purgeHistory(type, id);
      job.deleted.set(type, (job.deleted.get(type) ?? 0) + 1);
    }
    job.state = 'Completed';
  }
}
