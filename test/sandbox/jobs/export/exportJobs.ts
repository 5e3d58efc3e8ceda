import type { BlobAccount } from '../../blob/blobAccount.ts';
import { accepted, emptyAnswer, type FhirHttpRequest, type FhirHttpResponse } from '../../fhir/http.ts';
import type { FhirServiceContext, OperationRoute } from '../../fhir/operations.ts';
import { fhirError } from '../../fhir/outcome.ts';
import { Job, JobFailure } from '../job.ts';
import { JobQueue } from '../jobQueue.ts';
import { jobInstant } from '../jobInstant.ts';
import { deletions, type ExportedFile, exportFolder } from './exportFiles.ts';
import { type ExportDefinition, parseExportRequest } from './exportRequest.ts';
import { ExportRun } from './exportRun.ts';

interface ExportJob {
  readonly job: Job;
  readonly definition: ExportDefinition;
  /** What its workers have written. */
  files: readonly ExportedFile[];
}

const dayMs = 86_400_000;
/** Life of a job record on gen1 (fhir-server, CosmosQueueClient). */
const gen1RecordMs = 30 * dayMs;

/** `$export` of one service. */
export class ExportJobs {
  readonly #context: FhirServiceContext;
  readonly #accountOf: (name: string | undefined) => BlobAccount | undefined;
  readonly #queue: JobQueue;
  readonly #jobs = new Map<string, ExportJob>();

  /** `accountOf`: a storage account by its name, the sandbox's first one without a name. */
  constructor(context: FhirServiceContext, accountOf: (name: string | undefined) => BlobAccount | undefined) {
    this.#context = context;
    this.#accountOf = accountOf;
    this.#queue = new JobQueue({
      clock: context.clock,
      timing: () => context.spec().exportTiming ?? {},
      atOnce: () => context.spec().exportsAtOnce ?? (this.#isGen1() ? 1 : Infinity),
    });
  }

  get all(): readonly Job[] {
    return [...this.#jobs.values()].map(({ job }) => job);
  }

  /** Each request is a job of its own. @throws FhirError 400 */
  start(route: Extract<OperationRoute, { readonly kind: 'startExport' }>, request: FhirHttpRequest): FhirHttpResponse {
    const definition = parseExportRequest(route, request, this.#context);
    const { clock } = this.#context;
    const job = new Job(this.#context.nextJobId(), clock.now(), this.#context.takeJobFault('export'));
    const entry: ExportJob = { job, definition, files: [] };
    this.#jobs.set(job.id, entry);
    this.#queue.submit(job, async (run) => {
      const account = this.#accountOf(this.#context.spec().exportAccount);
      if (account === undefined) throw new JobFailure(404, 'The storage account not found.');
      const refusal = this.#context.storageRefusal(account.name);
      if (refusal !== undefined) throw new JobFailure(refusal.status, refusal.reason);
      const folder = exportFolder(account, job.id, job.createdAt, definition.container);
      const work = new ExportRun(this.#context, definition, job, folder);
      await work.execute(run);
      entry.files = work.files;
    });
    return accepted(`${this.#context.base}/_operations/export/${job.id}`);
  }

  /** 202 while it is not done and settled, then the manifest. @throws FhirError */
  status(id: string): FhirHttpResponse {
    const entry = this.#find(id);
    const { job } = entry;
    if (job.failure !== undefined) {
      const { status, reason } = job.failure;
      throw fhirError(status, 'processing', `export operation failed for reason: ${reason}`);
    }
    const settleMs = this.#context.spec().exportTiming?.settleMs ?? 0;
    if (job.endedAt === undefined || this.#context.clock.now() < job.endedAt + settleMs) return emptyAnswer(202);
    return {
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(manifestOf(entry)),
    };
  }

  /** Also of a completed job, whose manifest is then gone; written files stay. @throws FhirError 404 */
  cancel(id: string): FhirHttpResponse {
    this.#find(id).job.cancel(this.#context.clock.now());
    return emptyAnswer(202);
  }

  async stop(): Promise<void> {
    await this.#queue.stop();
  }

  #find(id: string): ExportJob {
    const entry = this.#jobs.get(id);
    const gone = entry === undefined || entry.job.state === 'cancelled' || entry.job.state === 'forgotten';
    if (gone || (this.#isGen1() && this.#context.clock.now() - entry.job.createdAt > gen1RecordMs)) {
      throw fhirError(404, 'not-found', `The requested job "${id}" was not found.`);
    }
    return entry;
  }

  #isGen1(): boolean {
    return this.#context.spec().flavour === 'azureApiForFhir';
  }
}

function manifestOf({ job, definition, files }: ExportJob): object {
  const deleted = files
    .filter(({ type }) => type === deletions)
    .map(({ url, count }) => ({ type: 'Bundle', url, count }));
  const output = files
    .filter(({ type }) => type !== deletions)
    .toSorted((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0))
    .map(({ type, url, count }) => ({ type, url, count }));
  const first = output[0];
  if (job.fault?.kind === 'duplicateFile' && first !== undefined) output.unshift(first);
  if (job.fault?.kind === 'foreignUrl') {
    output.push({ type: first?.type ?? 'Patient', url: job.fault.url, count: first?.count ?? 1 });
  }
  return {
    transactionTime: jobInstant(job.createdAt),
    request: definition.request,
    requiresAccessToken: false,
    output,
    ...(deleted.length === 0 ? {} : { deleted }),
    error: [],
    issues: [],
  };
}
