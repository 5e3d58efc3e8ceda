import type { Failure } from '../../../../src/failure/failure.ts';
import type { ExportManifest, ExportRequest, ExportStatus, Instant } from '../../../../src/engine/ports.ts';
import { container, type StagingModel } from './stagingModel.ts';
import { VersionStore, type Version } from './versionStore.ts';
import type { SimulatedClock } from './virtualClock.ts';

export const sourceUrl = 'https://source.azurehealthcareapis.com';

export interface ExportBehaviour {
  readonly flavour: 'azureApiForFhir' | 'ahds';
  /** Server clock minus simulated clock. */
  readonly skew: number;
  /** How long an export of so many lines takes, milliseconds. */
  readonly duration: (lines: number, job: number) => number;
  readonly linesPerFile: number;
  /** An export of more lines fails with 413. */
  readonly tooLarge?: number;
  /** What happens to the n-th job, from 1. */
  readonly fate?: (job: number, request: ExportRequest) => ExportFate | undefined;
}

export type ExportFate =
  | { readonly kind: 'fail'; readonly failure: Failure }
  | { readonly kind: 'forget' }
  | { readonly kind: 'loseFile' }
  | { readonly kind: 'repeatFile' }
  | { readonly kind: 'reportError' }
  | { readonly kind: 'foreignUrl' };

export interface ExportJob {
  readonly id: string;
  readonly number: number;
  readonly request: ExportRequest;
  readonly createdAt: Instant;
  state: 'running' | 'completed' | 'failed' | 'cancelled' | 'forgotten';
  failure: Failure | undefined;
  output: { type: string; url: string; count: number }[];
  errors: number;
}

/** A source service with the export semantics of the contract, sections 1.3 to 1.7. */
export class SourceModel {
  readonly store = new VersionStore();
  readonly jobs: ExportJob[] = [];
  isDeprecated = false;
  readonly #clock: SimulatedClock;
  readonly #staging: StagingModel;
  readonly #behaviour: ExportBehaviour;

  constructor(clock: SimulatedClock, staging: StagingModel, behaviour: ExportBehaviour) {
    this.#clock = clock;
    this.#staging = staging;
    this.#behaviour = behaviour;
  }

  now(): Instant {
    return this.#clock.now() + this.#behaviour.skew;
  }

  start(request: ExportRequest): ExportJob {
    const number = this.jobs.length + 1;
    const job: ExportJob = {
      id: String(100 + number),
      number,
      request,
      createdAt: this.now(),
      state: 'running',
      failure: undefined,
      output: [],
      errors: 0,
    };
    this.jobs.push(job);
    const types = request.types ?? this.store.types();
    const lines = types.reduce((sum, type) => sum + this.#select(type, request).length, 0);
    const duration = this.#behaviour.duration(lines, number);
    const begin = this.#clock.now();
    // Types are read one after the other, so that changes during the run hit some and miss others.
    types.forEach((type, index) => {
      this.#clock.at(begin + (duration * (index + 1)) / (types.length + 1), () => this.#read(job, type));
    });
    this.#clock.at(begin + duration, () => this.#end(job));
    return job;
  }

  status(id: string): ExportStatus {
    const job = this.jobs.find((candidate) => candidate.id === id);
    switch (job?.state) {
      case 'running':
        return { state: 'running' };
      case 'completed':
        return { state: 'completed', manifest: manifestOf(job) };
      case 'failed':
        return { state: 'failed', failure: job.failure ?? { kind: 'serverError', message: 'Unknown Error.' } };
      case 'cancelled':
      case 'forgotten':
      case undefined:
        return {
          state: 'gone',
          failure: { kind: 'notFound', status: 404, message: 'The requested job was not found.' },
        };
    }
  }

  cancel(id: string): void {
    const job = this.jobs.find((candidate) => candidate.id === id);
    if (job !== undefined) job.state = 'cancelled';
  }

  #read(job: ExportJob, type: string): void {
    if (job.state !== 'running') return;
    const lines = this.#select(type, job.request);
    const stamp = new Date(job.createdAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
    const { linesPerFile } = this.#behaviour;
    for (let from = 0; from < lines.length; from += linesPerFile) {
      const part = lines.slice(from, from + linesPerFile);
      const name = `${type}-${job.id}-${from / linesPerFile + 1}.ndjson`;
      const url = this.#staging.write(`${stamp}-${job.id}`, job.id, job.createdAt, name, part);
      job.output.push({ type, url, count: part.length });
    }
  }

  #end(job: ExportJob): void {
    if (job.state !== 'running') return;
    const lines = job.output.reduce((sum, { count }) => sum + count, 0);
    if (this.#behaviour.tooLarge !== undefined && lines > this.#behaviour.tooLarge) {
      job.state = 'failed';
      job.failure = { kind: 'tooLarge', status: 413, message: 'Timespan in export request contains too much data.' };
      return;
    }
    job.state = 'completed';
    const fate = this.#behaviour.fate?.(job.number, job.request);
    const first = job.output[0];
    switch (fate?.kind) {
      case undefined:
        return;
      case 'fail':
        job.state = 'failed';
        job.failure = fate.failure;
        return;
      case 'forget':
        job.state = 'forgotten';
        return;
      case 'loseFile':
        job.output.shift();
        return;
      case 'repeatFile':
        if (first !== undefined) job.output.push(first);
        return;
      case 'reportError':
        job.errors = 1;
        return;
      case 'foreignUrl':
        if (first !== undefined) first.url = 'https://attacker.example.net/migration/x/Patient-1-1.ndjson';
    }
  }

  #select(type: string, request: ExportRequest): readonly Version[] {
    const isSnapshot = this.#behaviour.flavour === 'ahds' && request.parallel && !request.history;
    const isExclusive = this.#behaviour.flavour === 'ahds' && request.parallel;
    const since = request.since ?? -Infinity;
    const isWithin = ({ lastUpdated }: Version): boolean =>
      lastUpdated >= since && (isExclusive ? lastUpdated < request.till : lastUpdated <= request.till);
    const selected: Version[] = [];
    for (const versions of this.store.everything()) {
      if (versions[0]?.type !== type) continue;
      const shown = isSnapshot ? versions.filter(({ lastUpdated }) => lastUpdated < request.till) : versions;
      const last = shown.at(-1);
      const chosen = request.history ? shown : last === undefined ? [] : [last];
      selected.push(
        ...chosen.filter((version) => {
          if (!isWithin(version)) return false;
          return !version.deleted || request.softDeleted;
        }),
      );
    }
    return selected;
  }
}

function manifestOf(job: ExportJob): ExportManifest {
  return {
    transactionTime: job.createdAt,
    request: addressOf(job.request),
    output: job.output,
    errors: Array.from({ length: job.errors }, () => ({
      type: 'OperationOutcome',
      url: 'https://staging.blob.core.windows.net/migration/errors/e.ndjson',
      count: 1,
    })),
  };
}

function addressOf(request: ExportRequest): string {
  const url = new URL(`${sourceUrl}/$export`);
  if (request.since !== undefined) url.searchParams.set('_since', new Date(request.since).toISOString());
  url.searchParams.set('_till', new Date(request.till).toISOString());
  url.searchParams.set('_container', container);
  if (request.types !== undefined) url.searchParams.set('_type', request.types.join(','));
  const associated = [...(request.history ? ['_history'] : []), ...(request.softDeleted ? ['_deleted'] : [])];
  if (associated.length > 0) url.searchParams.set('includeAssociatedData', associated.join(','));
  url.searchParams.set('_isParallel', String(request.parallel));
  if (request.maxCount !== undefined) url.searchParams.set('_maxCount', String(request.maxCount));
  return url.href;
}
