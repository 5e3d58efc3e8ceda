import { randomUUID } from 'node:crypto';
import type { FhirServiceSpec, JobFault, SandboxClock } from '../contract.ts';
import { refuseWhenDeprecated, refuseWhenLocked } from './admission.ts';
import { dispatch, type ServiceParts } from './dispatch.ts';
import { fhirAnswer, type FhirHttpRequest, type FhirHttpResponse } from './http.ts';
import { BulkDeleteJobs } from './jobs/bulkDelete.ts';
import { ReindexJobs } from './jobs/reindex.ts';
import { capabilityStatement } from './metadata.ts';
import type { FhirServiceContext, JobSummary, OperationsFactory, OperationsHandler } from './operations.ts';
import { FhirError, fhirError, operationOutcome } from './outcome.ts';
import { ParameterRegistry } from './parameters/registry.ts';
import { ParameterWrites } from './parameters/writes.ts';
import { profilesByType } from './profiles.ts';
import { routeOf } from './route.ts';
import type { SearchSurroundings } from './search/query.ts';
import { typeFilter } from './search/typeFilter.ts';
import { createStore, type TimeOrderedStore } from './store.ts';
import { ResourceWriter } from './write/writer.ts';

/** What a service needs from the sandbox around it. */
export interface FhirServiceDependencies {
  /** Base address without a slash at its end; also the audience of tokens. */
  readonly base: string;
  /** Address of the token authority with its tenant, for the 401 challenge and /metadata. */
  readonly authority: string;
  readonly clock: SandboxClock;
  readonly operations: OperationsFactory;
  /** Why the service's identity may not use a storage account. Absent: it may use each. */
  readonly storageRefusal?: (account: string) => { readonly status: number; readonly reason: string } | undefined;
  /** Uses up and returns the fault that the next job suffers. Absent: no faults. */
  readonly takeJobFault?: (operation: JobFault['operation']) => JobFault['effect'] | undefined;
  /** Hears of errors that are the sandbox's own; the client gets a 500 like those of the services. */
  readonly onUnexpected?: (error: unknown) => void;
}

/** One FHIR service of the sandbox. */
export interface FhirService {
  readonly context: FhirServiceContext;
  readonly store: TimeOrderedStore;
  readonly operations: OperationsHandler;
  spec(): FhirServiceSpec;
  /** Answers one request; every failure is an answer too. */
  handle(request: FhirHttpRequest): Promise<FhirHttpResponse>;
  /** Changes the service while it runs. */
  configure(change: Partial<FhirServiceSpec>): void;
  /** Registers SearchParameters that were put into the store directly, as long since reindexed. */
  adoptStoredParameters(): void;
  /** Jobs of every operation. */
  jobs(): readonly JobSummary[];
  stop(): Promise<void>;
}

/** A service without data. */
export function createFhirService(spec: FhirServiceSpec, dependencies: FhirServiceDependencies): FhirService {
  return new SandboxFhirService(spec, dependencies);
}

class SandboxFhirService implements FhirService {
  readonly context: FhirServiceContext;
  readonly store = createStore();
  readonly operations: OperationsHandler;
  private current: FhirServiceSpec;
  private readonly dependencies: FhirServiceDependencies;
  private readonly registry = new ParameterRegistry();
  private readonly writer: ResourceWriter;
  private readonly parameters: ParameterWrites;
  private readonly reindex: ReindexJobs;
  private readonly bulkDelete: BulkDeleteJobs;
  private readonly parts: ServiceParts;
  private requests = 0;
  private lastJobId = 0;
  private statement: { readonly key: string; readonly text: string } | undefined;

  constructor(spec: FhirServiceSpec, dependencies: FhirServiceDependencies) {
    this.current = spec;
    this.dependencies = dependencies;
    const { base, clock, authority } = dependencies;
    const { registry, store } = this;
    const nextJobId = (): string => String((this.lastJobId += 1));
    const activeReindex = (): string | undefined => this.reindex.active()?.id;
    const writer = new ResourceWriter(store, clock, () => this.current.flavour);
    this.writer = writer;
    this.parameters = new ParameterWrites({ store, writer, registry, clock, activeReindex });
    this.reindex = new ReindexJobs({
      clock,
      registry,
      store,
      timing: () => this.current.reindexTiming,
      nextJobId,
      takeFault: () => dependencies.takeJobFault?.('reindex'),
      removeParameter: (url, hard) => this.parameters.remove(url, hard),
    });
    const timing = (): FhirServiceSpec['bulkDeleteTiming'] => this.current.bulkDeleteTiming;
    this.bulkDelete = new BulkDeleteJobs({ clock, writer, timing, nextJobId, activeReindex });
    this.context = {
      base,
      spec: () => this.current,
      store,
      clock,
      nextJobId,
      typeFilter: (type, query) => typeFilter(type, query, this.surroundings()),
      storageRefusal: (account) => dependencies.storageRefusal?.(account),
      takeJobFault: (operation) => dependencies.takeJobFault?.(operation),
      reindexRunning: () => activeReindex() !== undefined,
    };
    this.operations = dependencies.operations(this.context);
    this.parts = {
      context: this.context,
      authority,
      registry,
      operations: this.operations,
      reindex: this.reindex,
      bulkDelete: this.bulkDelete,
      write: {
        base,
        store,
        writer,
        parameters: this.parameters,
        searchSurroundings: (request) => this.surroundings(request),
      },
      statement: () => this.statementText(),
      beginTransaction: () => this.beginTransaction(),
      answerAlone: (request, forcedId) => this.answer(request, randomUUID(), forcedId),
    };
  }

  spec(): FhirServiceSpec {
    return this.current;
  }

  configure(change: Partial<FhirServiceSpec>): void {
    this.current = { ...this.current, ...change };
  }

  adoptStoredParameters(): void {
    this.parameters.adoptStored();
  }

  jobs(): readonly JobSummary[] {
    return [...this.operations.jobs(), ...this.reindex.list(), ...this.bulkDelete.list()];
  }

  async stop(): Promise<void> {
    await this.operations.stop();
  }

  async handle(request: FhirHttpRequest): Promise<FhirHttpResponse> {
    this.requests += 1;
    const { clock } = this.dependencies;
    const requestId = request.headers['x-request-id'] ?? randomUUID();
    const refusal =
      (await refuseWhenDeprecated(this.current, request, clock, this.requests)) ??
      refuseWhenLocked(this.current, request);
    const answer = refusal ?? (await this.answer(request, requestId, undefined));
    const headers = { ...answer.headers, 'X-Request-Id': requestId, Date: new Date(clock.now()).toUTCString() };
    return { ...answer, headers: this.current.flavour === 'azureApiForFhir' ? charged(headers, answer) : headers };
  }

  private async answer(
    request: FhirHttpRequest,
    requestId: string,
    forcedId: string | undefined,
  ): Promise<FhirHttpResponse> {
    try {
      this.reindex.settle();
      this.bulkDelete.settle();
      return await dispatch(this.parts, routeOf(request.method, request.path), request, { requestId, forcedId });
    } catch (error) {
      if (!(error instanceof FhirError)) this.dependencies.onUnexpected?.(error);
      const failure = error instanceof FhirError ? error : unexpected();
      const body = operationOutcome(requestId, this.dependencies.clock.now(), failure.issues);
      return fhirAnswer(failure.status, body, { ...failure.headers });
    }
  }

  private surroundings(request?: FhirHttpRequest): SearchSurroundings {
    const { registry, current } = this;
    const prefer = request?.headers.prefer ?? '';
    return {
      registry,
      flavour: current.flavour,
      base: this.dependencies.base,
      strict: /handling=strict/i.test(prefer),
      partial: request?.headers['x-ms-use-partial-indices'] === 'true',
    };
  }

  private statementText(): string {
    const { flavour, fhirVersion = '4.0.1' } = this.current;
    const { profiles, key: profileKey } = profilesByType(this.store);
    const key = [flavour, fhirVersion, this.registry.revision, profileKey].join('|');
    if (this.statement?.key !== key) {
      const { base, authority } = this.dependencies;
      const text = capabilityStatement({ flavour, base, authority, fhirVersion, registry: this.registry, profiles });
      this.statement = { key, text };
    }
    return this.statement.text;
  }

  private beginTransaction(): { commit(): void; rollBack(): void } {
    const restoreParameters = this.registry.checkpoint();
    this.writer.begin();
    return {
      commit: () => this.writer.commit(),
      rollBack: () => {
        this.writer.rollBack();
        restoreParameters();
      },
    };
  }
}

/** Headers of the data store behind gen1; the charge grows with the answer. */
function charged(headers: Record<string, string>, { body }: FhirHttpResponse): Record<string, string> {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body.length : 0;
  return { ...headers, 'x-ms-request-charge': (2.5 + bytes / 1_024 / 4).toFixed(2), 'x-ms-session-token': '0:-1#1' };
}

function unexpected(): FhirError {
  return fhirError(500, 'exception', 'There was an error processing your request.');
}
