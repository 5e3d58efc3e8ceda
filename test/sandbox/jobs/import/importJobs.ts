import type { BlobAccount } from '../../blob/blobAccount.ts';
import { accepted, emptyAnswer, type FhirHttpRequest, type FhirHttpResponse } from '../../fhir/http.ts';
import type { FhirServiceContext } from '../../fhir/operations.ts';
import { FhirError, fhirError } from '../../fhir/outcome.ts';
import { Job, type JobFailure } from '../job.ts';
import { JobQueue } from '../jobQueue.ts';
import { jobInstant } from '../jobInstant.ts';
import { type ImportDefinition, parseImportRequest } from './importRequest.ts';
import { ImportRun } from './importRun.ts';
import { SurrogateIds } from './surrogateIds.ts';
import type { UnitResult } from './unitRun.ts';

interface ImportJob {
  readonly job: Job;
  readonly definition: ImportDefinition;
  readonly work: ImportRun;
}

/** fhir-server, GetImportRequestHandler: a status answer is held back to prevent misuse. */
const slowQueryMs = 6_000;
const slowAnswerMs = 60_000;

/** `$import` of one service. */
export class ImportJobs {
  readonly #context: FhirServiceContext;
  readonly #accountOf: (name: string | undefined) => BlobAccount | undefined;
  readonly #queue: JobQueue;
  readonly #jobs = new Map<string, ImportJob>();
  readonly #byHash = new Map<string, ImportJob>();
  readonly #surrogateIds = new SurrogateIds();

  /** `accountOf`: a storage account by its name, the sandbox's first one without a name. */
  constructor(context: FhirServiceContext, accountOf: (name: string | undefined) => BlobAccount | undefined) {
    this.#context = context;
    this.#accountOf = accountOf;
    this.#queue = new JobQueue({
      clock: context.clock,
      timing: () => context.spec().importTiming ?? {},
      atOnce: () => Infinity,
    });
  }

  get all(): readonly Job[] {
    return [...this.#jobs.values()].map(({ job }) => job);
  }

  /** The same definition always gives the same job, whatever became of it, unless it is forgotten. @throws FhirError */
  start(request: FhirHttpRequest): FhirHttpResponse {
    const account = this.#accountOf(this.#context.spec().importAccount);
    const definition = parseImportRequest(request, this.#context, account);
    const known = this.#byHash.get(definition.hash);
    const entry = known === undefined || known.job.state === 'forgotten' ? this.#register(definition, account) : known;
    return accepted(`${this.#context.base}/_operations/import/${entry.job.id}`);
  }

  /** 202 while it runs, with what is done so far; then the manifest. @throws FhirError */
  async status(id: string, details: boolean): Promise<FhirHttpResponse> {
    const { job, definition, work } = this.#find(id);
    if (job.state === 'queued' || (job.isActive && !work.isSplit)) return emptyAnswer(202);
    if (work.isSplit && job.state !== 'cancelled') await this.#holdBack();
    if (job.state === 'cancelled') throw fhirError(400, 'processing', 'User requested cancellation of operation.');
    if (job.failure !== undefined) throw failed(job.failure);
    const body = JSON.stringify({
      transactionTime: jobInstant(job.createdAt),
      request: definition.request,
      output: outputOf(work.results, details),
      error: work.results.filter(({ refused }) => refused > 0).map(errorOf),
    });
    return { status: job.isActive ? 202 : 200, headers: { 'Content-Type': 'application/json' }, body };
  }

  /** Loaded lines stay. @throws FhirError 404, or 409 for a job that has ended by itself */
  cancel(id: string): FhirHttpResponse {
    const { job } = this.#find(id);
    if (job.state === 'completed' || job.state === 'failed') {
      throw fhirError(409, 'processing', 'Import operation has already completed');
    }
    job.cancel(this.#context.clock.now());
    return emptyAnswer(202);
  }

  async stop(): Promise<void> {
    await this.#queue.stop();
  }

  #register(definition: ImportDefinition, account: BlobAccount | undefined): ImportJob {
    const { importLimit } = this.#context.spec();
    const active = this.all.filter((job) => job.isActive).length;
    if (importLimit !== undefined && active >= importLimit) throw tooMany();
    // A request is only accepted with an account.
    if (account === undefined) throw new RangeError('An import needs a storage account.');
    const { clock } = this.#context;
    const job = new Job(this.#context.nextJobId(), clock.now(), this.#context.takeJobFault('import'));
    const settings = { context: this.#context, definition, job, account, surrogateIds: this.#surrogateIds };
    const entry = { job, definition, work: new ImportRun(settings) };
    this.#jobs.set(job.id, entry);
    this.#byHash.set(definition.hash, entry);
    this.#queue.submit(job, (run) => entry.work.execute(run));
    return entry;
  }

  async #holdBack(): Promise<void> {
    const queryMs = this.#context.spec().importStatusQueryMs ?? 0;
    await this.#context.clock.sleep(queryMs > slowQueryMs ? slowAnswerMs : 10 * queryMs);
  }

  #find(id: string): ImportJob {
    const entry = this.#jobs.get(id);
    if (entry === undefined || entry.job.state === 'forgotten') {
      throw fhirError(404, 'not-found', `The requested import job "${id}" was not found.`);
    }
    return entry;
  }
}

/** One entry per file, or per work unit with details. */
function outputOf(results: readonly UnitResult[], details: boolean): readonly object[] {
  const entries = results.map(({ input, loaded }) => ({
    type: input.type ?? null,
    count: loaded,
    inputUrl: input.url,
  }));
  if (details) return entries;
  return [...Map.groupBy(entries, ({ inputUrl }) => inputUrl)].map(([inputUrl, units]) => ({
    type: units[0]?.type ?? null,
    count: units.reduce((sum, { count }) => sum + count, 0),
    inputUrl,
  }));
}

function errorOf({ input, refused, errorUrl }: UnitResult): object {
  return { type: input.type ?? null, count: refused, inputUrl: input.url, url: errorUrl };
}

function failed({ status, reason }: JobFailure): Error {
  // The servers keep their own faults to themselves; a worker's names its file all the same.
  const told = status === 500 && !reason.startsWith('InternalServerError') ? 'InternalServerError' : reason;
  return fhirError(status, 'processing', `import operation failed for reason: ${told}`);
}

function tooMany(): Error {
  return new FhirError(
    429,
    [
      {
        severity: 'error',
        code: 'throttled',
        diagnostics: 'The maximum number of concurrent import operations was reached.',
      },
    ],
    { 'Retry-After': '1', 'x-ms-retry-after-ms': '1000' },
  );
}
