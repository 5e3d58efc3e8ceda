import type { FhirServiceSpec, JobFault, SandboxClock, StoredVersion } from '../contract.ts';
import type { FhirHttpRequest, FhirHttpResponse } from './http.ts';
import type { TimeOrderedStore } from './store.ts';

/** A request to `$export` or `$import`. Authentication and the role of the start were checked before. */
export type OperationRoute =
  | {
      readonly kind: 'startExport';
      /** The segment before `$export`: undefined at system level; `Patient`; `Group`; any other type is for the 400. */
      readonly type: string | undefined;
      /** Only with `/Group/{id}/$export`. */
      readonly groupId: string | undefined;
    }
  | { readonly kind: 'startImport' }
  | { readonly kind: 'jobStatus' | 'cancelJob'; readonly operation: 'export' | 'import'; readonly id: string };

/** Resources that a `_typeFilter` selects. */
export interface TypeFilter {
  /** Names of parameters that the service does not know for the type. */
  readonly unsupported: readonly string[];
  matches(version: StoredVersion): boolean;
}

/** A job as `RunningSandbox.jobs` lists it. */
export interface JobSummary {
  readonly id: string;
  readonly operation: string;
  readonly state: string;
}

/** What the parts of one service share. */
export interface FhirServiceContext {
  /** Base address without a slash at its end; also the audience. */
  readonly base: string;
  /** The specification as it is now; `configure` changes it. */
  spec(): FhirServiceSpec;
  readonly store: TimeOrderedStore;
  readonly clock: SandboxClock;
  /** Ids of jobs are decimal numbers from one queue for all operations of a service. */
  nextJobId(): string;
  /** Parses the query part of a `_typeFilter` segment, for example `code=8480-6&date=ge2020`. */
  typeFilter(type: string, query: URLSearchParams): TypeFilter;
  /** The fault that the next job of that operation suffers, if any; asking uses it up. */
  takeJobFault(operation: JobFault['operation']): JobFault['effect'] | undefined;
  /** Why the service's identity may not use a storage account, as its job then fails; undefined when it may. */
  storageRefusal(account: string): { readonly status: number; readonly reason: string } | undefined;
  /** True while a reindex job is queued or runs. */
  reindexRunning(): boolean;
}

/** Everything about `$export` and `$import` of one service. */
export interface OperationsHandler {
  /** May throw FhirError. `X-Request-Id` and `Date` are added by the service. */
  handle(route: OperationRoute, request: FhirHttpRequest): Promise<FhirHttpResponse>;
  /** Ids of jobs that are queued or run. */
  active(operation: 'export' | 'import'): readonly string[];
  /** All jobs, finished ones too. */
  jobs(): readonly JobSummary[];
  /** Ends all work in flight. */
  stop(): Promise<void>;
}

/** Makes the handler of one service. */
export type OperationsFactory = (context: FhirServiceContext) => OperationsHandler;
