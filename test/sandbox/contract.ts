/*
 * What the parts of the sandbox agree on. The sandbox stands in for Azure: one https server on loopback with its own
 * certificate authority that plays the token endpoint, ARM and any number of FHIR services by path, and a real Azurite
 * for blobs.
 *
 *   https://127.0.0.1:PORT/{tenant}/…             token endpoint: the authority host is the origin itself, since MSAL takes
 *                                                 the first part of the path for the tenant and mixes tenants up otherwise
 *   https://127.0.0.1:PORT/arm/…                  ARM and Resource Graph
 *   https://127.0.0.1:PORT/fhir/{name}/…          FHIR service; base address and audience are …/fhir/{name}
 *   https://127.0.0.1:PORT/admin/…                faults, clock, throughput, counters
 *   https://127.0.0.1:BLOBPORT/{account}/…        Azurite
 */

export type Flavour = 'azureApiForFhir' | 'ahds' | 'fhirServer';

/** A stored version of a resource. `json` is the resource's text without regard to meta; meta is kept beside it. */
export interface StoredVersion {
  readonly type: string;
  readonly id: string;
  readonly versionId: string;
  /** Milliseconds since 1970 UTC. */
  readonly lastUpdated: number;
  readonly deleted: boolean;
  /** How it came: shown in history entries. */
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Canonical text without meta.versionId and meta.lastUpdated; for a deleted version the bare type and id. */
  readonly json: string;
}

/** One service's data. A million resources fit in memory. Versions of one resource are ordered by version number. */
export interface FhirStore {
  current(type: string, id: string): StoredVersion | undefined;
  versions(type: string, id: string): readonly StoredVersion[];
  /** Adds a version as given (import); the highest version number is current. */
  put(version: StoredVersion): void;
  /** Removes every version. */
  purge(type: string, id: string): boolean;
  types(): readonly string[];
  /** Current versions (deleted ones included) of a type in no particular order. */
  currents(type: string): Iterable<StoredVersion>;
  /** All versions of a type, current ones and tombstones included. */
  everyVersion(type: string): Iterable<StoredVersion>;
  readonly size: { readonly current: number; readonly versions: number };
}

/** The sandbox's time: real time × factor since start, plus what the admin endpoint adds. */
export interface SandboxClock {
  now(): number;
  /** Resolves when that many milliseconds of sandbox time have passed. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  advance(ms: number): void;
  readonly factor: number;
}

/** A fault of requests to a route, used up after `count` requests. */
export interface Fault {
  /** Service name, `arm`, `login` or `*`. */
  readonly service: string;
  readonly method?: string;
  /** Regular expression on the path below the service's base, with query. */
  readonly path: string;
  /** Requests that match and are let through before the fault starts. */
  readonly skip?: number;
  readonly count: number;
  readonly effect:
    | {
        readonly kind: 'status';
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: string;
      }
    /** The socket is closed before the request is handled. */
    | { readonly kind: 'drop' }
    /** The request is handled, then the socket is closed without an answer. */
    | { readonly kind: 'lostReply' }
    /** The answer stops half-way. */
    | { readonly kind: 'truncate' }
    | { readonly kind: 'slow'; readonly ms: number }
    | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
    /** The answer's body is replaced by this many bytes, streamed. */
    | { readonly kind: 'hugeBody'; readonly bytes: number };
}

/** A fault inside the server jobs of a service. */
export interface JobFault {
  readonly service: string;
  readonly operation: 'export' | 'import' | 'reindex';
  /** Jobs that are let through before. */
  readonly skip?: number;
  readonly count: number;
  readonly effect:
    | { readonly kind: 'fail'; readonly status: number; readonly reason: string }
    /** The job is forgotten: its status becomes 404. */
    | { readonly kind: 'forget' }
    /** The job never ends. */
    | { readonly kind: 'stuck' }
    /** Export: one worker's file silently missing from manifest and storage. */
    | { readonly kind: 'missingFile' }
    /** Export: a file appears twice in the manifest. */
    | { readonly kind: 'duplicateFile' }
    /** Export: manifest holds an address on another host. */
    | { readonly kind: 'foreignUrl'; readonly url: string }
    /** Import: every n-th line is refused with this text. */
    | { readonly kind: 'refuseLines'; readonly every: number; readonly text: string }
    /** Import: every n-th line is neither loaded nor refused. */
    | { readonly kind: 'loseLines'; readonly every: number };
}

export interface JobTiming {
  /** Queue pick-up, sandbox milliseconds (default config of the servers: up to 60,000). */
  readonly pickUpMs?: number;
  /** Fixed duration of every job, sandbox milliseconds. */
  readonly fixedMs?: number;
  /** Resources per sandbox second, shared among the service's running jobs. Absent: as fast as the machine. */
  readonly resourcesPerSecond?: number;
  /** An export is reported done this long after its last worker (15,000 in the servers). */
  readonly settleMs?: number;
}

export interface FhirServiceSpec {
  readonly name: string;
  readonly flavour: Flavour;
  /** gen1 after its retirement: only metadata, export and export status answer. */
  readonly deprecated?: boolean;
  /** Exports tell deletions as bundles (FHIR Bulk Data Access), which none of the services of Azure does. */
  readonly deletedBundles?: boolean;
  readonly initialImportMode?: boolean;
  readonly importEnabled?: boolean;
  readonly exportEnabled?: boolean;
  /** Staging account names; default: the sandbox's first account. */
  readonly exportAccount?: string;
  readonly importAccount?: string;
  /** Default 4.0.1. */
  readonly fhirVersion?: '4.0.1' | '3.0.2';
  /** Exports that run at once, the others stay queued; default: 1 on gen1 (one worker per instance), else any number. */
  readonly exportsAtOnce?: number;
  /** Imports that may be queued or run at once; one more is refused with 429. Default: any number. */
  readonly importLimit?: number;
  /**
   * Sandbox milliseconds that the query behind an import's status takes. The servers answer 10 times that later, 60 s
   * later once it is over 6 s. Default 0.
   */
  readonly importStatusQueryMs?: number;
  readonly exportTiming?: JobTiming;
  readonly importTiming?: JobTiming;
  readonly reindexTiming?: JobTiming;
  readonly bulkDeleteTiming?: JobTiming;
  /** What is loaded at start. */
  readonly data?: readonly DataSource[];
  readonly place?: ServicePlace;
}

/** Where ARM shows a service. A service of the flavour `fhirServer` is not in ARM. */
export interface ServicePlace {
  /** Default: the first tenant. The second one exists when a service is in it. */
  readonly tenant?: 'first' | 'second';
  /** Number of a subscription of the tenant, counted from 1. Default: 1, or spread evenly when there are more than two. */
  readonly subscription?: number;
  readonly resourceGroup?: string;
  /** Workspace of an AHDS service. */
  readonly workspace?: string;
  readonly location?: string;
}

export type DataSource =
  /** Some 5,400 resources that HL7 publishes as examples, spread over five years before now. */
  | { readonly kind: 'hl7Examples' }
  /** Deterministic patients with linked clinical resources over several years, with updates and deletes. */
  | { readonly kind: 'patients'; readonly count: number; readonly seed?: number; readonly years?: number }
  | { readonly kind: 'ndjson'; readonly files: readonly string[] }
  /** A few custom SearchParameters, indexed long ago, and profiles. */
  | { readonly kind: 'customDefinitions' }
  /** Small observations in great number, for measurements. */
  | { readonly kind: 'small'; readonly count: number; readonly years?: number }
  /** What real data has and simple tools trip over: equal and inverted version dates, ids that differ by case, long numbers. */
  | { readonly kind: 'oddities' };

export interface SandboxOptions {
  readonly services: readonly FhirServiceSpec[];
  readonly accounts?: readonly string[];
  /** Sandbox seconds per real second; default 1. */
  readonly clockFactor?: number;
  /** Start of the sandbox clock; default: now. */
  readonly startAt?: number;
  /** Answer delay of every FHIR request, real milliseconds. */
  readonly latencyMs?: number;
  /** Lifetime of tokens, real seconds; default 3,600. */
  readonly tokenLifetimeSeconds?: number;
  /** Fixed port of the https server; default: any free one. */
  readonly port?: number;
  /** Subscriptions of the first tenant; default 2. */
  readonly subscriptions?: number;
  /** Subscriptions, counted from 1, that are listed and refuse everything else with 403. */
  readonly forbiddenSubscriptions?: readonly number[];
  readonly log?: (line: string) => void;
}

/** A role by its name or GUID, at a service or storage account by name, or at an ARM id. */
export interface GrantedRole {
  readonly role: string;
  readonly at: string;
}

export interface SandboxPrincipal {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Object id in the first tenant. */
  readonly objectId: string;
}

/** Requests by kind, for example `GET metadata`, `GET $export`, `GET export status`, `POST $import`, `GET count`, `GET history`, `ARM GET`, `ARM graph`, `token`. */
export type RequestCounters = Readonly<Record<string, number>>;

export interface RunningSandbox {
  readonly origin: string;
  readonly armEndpoint: string;
  readonly loginEndpoint: string;
  readonly blobEndpoint: (account: string) => string;
  readonly certificateAuthority: string;
  readonly adminEndpoint: string;
  readonly tenantId: string;
  readonly secondTenantId: string;
  /** A service principal of both tenants that may do everything; `addPrincipal` makes others. */
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: SandboxClock;
  endpointOf(service: string): string;
  /** ARM id of a service or, by its name, of a storage account. */
  resourceIdOf(service: string): string;
  store(service: string): FhirStore;
  /** Changes the state of a service while it runs: deprecated, initialImportMode, timings, enabled flags. */
  configure(service: string, change: Partial<FhirServiceSpec>): void;
  addFault(fault: Fault): void;
  addJobFault(fault: JobFault): void;
  clearFaults(): void;
  counters(service?: string): RequestCounters;
  resetCounters(): void;
  /** Server jobs of a service with their state, for "no orphan jobs". */
  jobs(service: string): readonly { readonly id: string; readonly operation: string; readonly state: string }[];
  /** A token as the login endpoint would give it, for the principal that may do everything or for another one. */
  token(audience: string, principal?: SandboxPrincipal): Promise<string>;
  /** From now on all tokens given so far count as expired. */
  expireTokens(): void;
  /** A service principal of the first tenant with these roles and no others. */
  addPrincipal(roles: readonly GrantedRole[]): SandboxPrincipal;
  stop(): Promise<void>;
}
