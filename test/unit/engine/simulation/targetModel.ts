import type { Failure } from '../../../../src/failure/failure.ts';
import type { ImportRequest, ImportResult, ImportStatus, RefusedLine } from '../../../../src/engine/ports.ts';
import { container, blobEndpoint, type StagingModel } from './stagingModel.ts';
import { VersionStore, type Version } from './versionStore.ts';
import type { SimulatedClock } from './virtualClock.ts';

export const targetUrl = 'https://w-target.fhir.azurehealthcareapis.com';

export interface ImportBehaviour {
  readonly duration: (lines: number, job: number) => number;
  /** What happens to the n-th job, from 1. */
  readonly fate?: (job: number) => ImportFate | undefined;
}

export type ImportFate =
  | { readonly kind: 'fail'; readonly failure: Failure }
  | { readonly kind: 'forget' }
  /** Every n-th line is neither loaded nor refused. */
  | { readonly kind: 'loseLines'; readonly every: number }
  | { readonly kind: 'refuseLines'; readonly every: number; readonly reason?: RefusedLine['reason'] };

export interface ImportJob {
  readonly id: string;
  readonly number: number;
  readonly body: string;
  readonly request: ImportRequest;
  state: 'running' | 'completed' | 'failed' | 'cancelled' | 'forgotten';
  failure: Failure | undefined;
  result: ImportResult;
}

/** A target service with the import semantics of the contract, sections 3.1 to 3.6. */
export class TargetModel {
  readonly store = new VersionStore();
  readonly jobs: ImportJob[] = [];
  readonly #clock: SimulatedClock;
  readonly #staging: StagingModel;
  readonly #behaviour: ImportBehaviour;

  constructor(clock: SimulatedClock, staging: StagingModel, behaviour: ImportBehaviour) {
    this.#clock = clock;
    this.#staging = staging;
    this.#behaviour = behaviour;
  }

  /** Registration is idempotent: the same definition gives the same job, whatever became of it. */
  start(request: ImportRequest): ImportJob {
    const body = JSON.stringify(request);
    const known = this.jobs.find((job) => job.body === body && job.state !== 'forgotten');
    if (known !== undefined) return known;
    const number = this.jobs.length + 1;
    const job: ImportJob = {
      id: String(number),
      number,
      body,
      request,
      state: 'running',
      failure: undefined,
      result: { output: [], error: [] },
    };
    this.jobs.push(job);
    const lines = request.files.reduce((sum, { url }) => sum + (this.#staging.blob(url)?.lines.length ?? 0), 0);
    this.#clock.at(this.#clock.now() + this.#behaviour.duration(lines, number), () => this.#end(job));
    return job;
  }

  status(id: string): ImportStatus {
    const job = this.jobs.find((candidate) => candidate.id === id);
    switch (job?.state) {
      case 'running':
        return { state: 'running', partial: { output: [], error: [] } };
      case 'completed':
        return { state: 'completed', result: job.result };
      case 'failed':
        return { state: 'failed', failure: job.failure ?? { kind: 'serverError', message: 'InternalServerError' } };
      case 'cancelled':
        return {
          state: 'failed',
          failure: { kind: 'rejected', status: 400, message: 'User requested cancellation of operation.' },
        };
      case 'forgotten':
      case undefined:
        return { state: 'gone', failure: { kind: 'notFound', status: 404, message: 'The import job was not found.' } };
    }
  }

  cancel(id: string): void {
    const job = this.jobs.find((candidate) => candidate.id === id);
    if (job?.state === 'running') job.state = 'cancelled';
  }

  #end(job: ImportJob): void {
    if (job.state !== 'running') return;
    for (const { url, etag } of job.request.files) {
      const blob = this.#staging.blob(url);
      if (blob !== undefined && (etag === undefined || blob.etag === etag)) continue;
      const message = blob === undefined ? 'Input file deleted, renamed, or moved.' : 'Input file Etag not match.';
      job.state = 'failed';
      job.failure = { kind: 'rejected', status: 400, message };
      return;
    }
    const fate = this.#behaviour.fate?.(job.number);
    if (fate?.kind === 'fail') {
      job.state = 'failed';
      job.failure = fate.failure;
      return;
    }
    job.state = fate?.kind === 'forget' ? 'forgotten' : 'completed';
    job.result = this.#load(job, fate);
  }

  #load(job: ImportJob, fate: ImportFate | undefined): ImportResult {
    const output: { inputUrl: string; type: string; count: number }[] = [];
    const error: { inputUrl: string; type: string; count: number; url: string }[] = [];
    let line = 0;
    for (const { url, type } of job.request.files) {
      const refused: RefusedLine[] = [];
      let loaded = 0;
      for (const [index, version] of (this.#staging.blob(url)?.lines ?? []).entries()) {
        line += 1;
        if (fate?.kind === 'loseLines' && line % fate.every === 0) continue;
        const reason =
          fate?.kind === 'refuseLines' && line % fate.every === 0
            ? (fate.reason ?? ('invalid' as const))
            : this.#merge(version);
        const place = { offset: 0, line: index + 1 };
        if (reason === undefined) loaded += 1;
        else refused.push({ reason, type: version.type, place, ...identityOf(version) });
      }
      output.push({ inputUrl: url, type, count: loaded });
      if (refused.length === 0) continue;
      const errorUrl = `${blobEndpoint}/${container}-errors/${type}${job.id}_${error.length + 1}.ndjson`;
      this.#staging.writeRefused(errorUrl, refused);
      error.push({ inputUrl: url, type, count: refused.length, url: errorUrl });
    }
    return { output, error };
  }

  /** Undefined: loaded, or already there. */
  #merge(version: Version): 'duplicate' | 'conflict' | undefined {
    const held = this.store.versions(version.type, version.id);
    const sameDate = held.find(({ lastUpdated }) => lastUpdated === version.lastUpdated);
    if (sameDate !== undefined) {
      const isSame = sameDate.version === version.version && sameDate.content === version.content;
      return isSame ? undefined : 'duplicate';
    }
    if (held.some((other) => other.version === version.version)) return 'conflict';
    const current = held.at(-1);
    if (current !== undefined) {
      const isNewer = version.lastUpdated > current.lastUpdated;
      if (isNewer !== version.version > current.version) return 'conflict';
    }
    this.store.put(version);
    return undefined;
  }
}

function identityOf(version: Version): Pick<RefusedLine, 'id' | 'versionId' | 'lastUpdated'> {
  return { id: version.id, versionId: String(version.version), lastUpdated: version.lastUpdated };
}
