import { randomUUID } from 'node:crypto';
import type { FhirServiceSpec, JobFault, SandboxClock } from '../contract.ts';
import { refuseWhenDeprecated, refuseWhenLocked, requireAuthentication } from './admission.ts';
import { fhirAnswer, type FhirHttpRequest, type FhirHttpResponse } from './http.ts';
import type {
  FhirServiceContext,
  JobSummary,
  OperationRoute,
  OperationsFactory,
  OperationsHandler,
} from './operations.ts';
import { FhirError, fhirError, operationOutcome } from './outcome.ts';
import { read, readVersion } from './read.ts';
import { requireActions } from './roles.ts';
import { routeOf, type Route } from './route.ts';
import { createStore, type TimeOrderedStore } from './store.ts';

/** What a service needs from the sandbox around it. */
export interface FhirServiceDependencies {
  /** Base address without a slash at its end; also the audience of tokens. */
  readonly base: string;
  /** Address of the token authority with its tenant, for the 401 challenge and /metadata. */
  readonly authority: string;
  readonly clock: SandboxClock;
  readonly operations: OperationsFactory;
  /** Uses up and returns the fault that the next job suffers. Absent: no faults. */
  readonly takeJobFault?: (operation: JobFault['operation']) => JobFault['effect'] | undefined;
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
  private requests = 0;
  private lastJobId = 0;

  constructor(spec: FhirServiceSpec, dependencies: FhirServiceDependencies) {
    this.current = spec;
    this.dependencies = dependencies;
    this.context = {
      base: dependencies.base,
      spec: () => this.current,
      store: this.store,
      clock: dependencies.clock,
      nextJobId: () => String((this.lastJobId += 1)),
      typeFilter: () => ({ unsupported: [], matches: () => true }),
      takeJobFault: (operation) => dependencies.takeJobFault?.(operation),
      reindexRunning: () => false,
    };
    this.operations = dependencies.operations(this.context);
  }

  spec(): FhirServiceSpec {
    return this.current;
  }

  configure(change: Partial<FhirServiceSpec>): void {
    this.current = { ...this.current, ...change };
  }

  jobs(): readonly JobSummary[] {
    return this.operations.jobs();
  }

  async stop(): Promise<void> {
    await this.operations.stop();
  }

  async handle(request: FhirHttpRequest): Promise<FhirHttpResponse> {
    this.requests += 1;
    const requestId = request.headers['x-request-id'] ?? randomUUID();
    const answer = await this.admitAndAnswer(request, requestId);
    const date = new Date(this.dependencies.clock.now()).toUTCString();
    return { ...answer, headers: { ...answer.headers, 'X-Request-Id': requestId, Date: date } };
  }

  private async admitAndAnswer(request: FhirHttpRequest, requestId: string): Promise<FhirHttpResponse> {
    const { clock } = this.dependencies;
    const refusal =
      (await refuseWhenDeprecated(this.current, request, clock, this.requests)) ??
      refuseWhenLocked(this.current, request);
    if (refusal !== undefined) return refusal;
    try {
      return await this.answer(routeOf(request.method, request.path), request);
    } catch (error) {
      const failure = error instanceof FhirError ? error : unexpected();
      return fhirAnswer(failure.status, operationOutcome(requestId, clock.now(), failure.issues), {
        ...failure.headers,
      });
    }
  }

  private async answer(route: Route, request: FhirHttpRequest): Promise<FhirHttpResponse> {
    const { base, authority } = this.dependencies;
    switch (route.kind) {
      case 'health':
        return { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"overallStatus":"Healthy"}' };
      case 'unknownRoute':
      case 'unknownType':
        throw fhirError(404, 'not-found', 'The requested route was not found.');
      case 'wrongMethod':
        throw fhirError(405, 'not-supported', 'The requested operation is not supported.');
      default:
        requireAuthentication(request, base, authority);
    }
    switch (route.kind) {
      case 'operation':
        requireOperationRole(route.operation, request);
        return this.operations.handle(route.operation, request);
      case 'read':
        requireActions(request.caller, 'read');
        return read(this.store, route.type, route.id);
      case 'readVersion':
        requireActions(request.caller, 'read');
        return readVersion(this.store, route.type, route.id, route.versionId);
      default:
        throw fhirError(405, 'not-supported', 'The requested operation is not supported.');
    }
  }
}

function requireOperationRole(route: OperationRoute, request: FhirHttpRequest): void {
  const importing = route.kind === 'startImport' || ('operation' in route && route.operation === 'import');
  requireActions(request.caller, importing ? 'import' : 'export');
}

function unexpected(): FhirError {
  return fhirError(500, 'exception', 'There was an error processing your request.');
}
