import type { Cloud } from '../azure/cloud.ts';
import type { DiscoveredService, DiscoveryEvent, DiscoveryScope } from '../azure/discovered.ts';
import type { TokenSource } from '../azure/tokens.ts';
import type { Aspect, Comparison } from '../compare/comparison.ts';
import type { HostFact } from '../engine/events.ts';
import type { Clock, ControlRequest, Driver, Instant, JournalPlace, Log, StoredRecord } from '../engine/ports.ts';
import type { SharedPlace } from './migrations/sharedPlaces.ts';
import type { Query } from '../compare/queries/parseQueries.ts';
import type { QueryComparison } from './queries/compareQueries.ts';
import type { ProfileServices } from './profiles/contract.ts';
import type { SearchParameterServices } from './searchParameters/contract.ts';
import type { MigrationId, OperationId, WindowId } from '../engine/ids.ts';
import type { FailedLine } from '../engine/run/failedLines.ts';
import type { Leftovers } from '../engine/run/leftovers.ts';
import type { MigrationOverview } from '../engine/overview.ts';
import type { Plan, PlanInput, PlanService } from '../engine/plan.ts';
import type { Slice } from './rehearsal/rehearsalPlan.ts';
import type { Prediction } from '../engine/prediction/prediction.ts';
import type { SettingsChange } from '../engine/sync/settings.ts';
import type { Failure } from '../failure/failure.ts';
import type {
  BothTexts,
  ImportAgain,
  ImportAgainRequest,
  ReadBothRequest,
  Removal,
  RemovalRequest,
  Verification,
  VerificationWatch,
  VerificationRequest,
} from './verify/verification.ts';
import type { Assessment, AssessmentInput } from './assess/contract.ts';
import type { SinceLastAssessment } from './assess/lastAssessment.ts';
import type { ServiceFacts } from './portfolio/contract.ts';
import type { ChangeServices } from './changes/contract.ts';
import type { CarryServices } from './configuration/contract.ts';
import type { TargetServices } from './targets/contract.ts';
import type { Preparation } from './prepare/contract.ts';
import type { CleanupServices } from './cleanup/contract.ts';
import type { CutoverServices } from './cutover/contract.ts';
import type { MakeReport } from './report/contract.ts';

/*
 * What the services bundle offers to its two hosts, the extension and the command line. Hosts pass in how to get
 * tokens, where journals live and where log lines go; they get plain data and FailureErrors back.
 */

export type CheckOutcome = 'pass' | 'warning' | 'failure' | 'unknown';

export interface PreflightCheck {
  /** Stable id, for example `source.metadata`, `target.importMode`. */
  readonly id: string;
  readonly title: string;
  readonly outcome: CheckOutcome;
  /** What was seen, one sentence. */
  readonly found: string;
  /** The request that proved it, for example `GET /metadata → 200`. */
  readonly evidence: string;
  readonly nextStep: string | undefined;
}

export interface PreflightReport {
  readonly checks: readonly PreflightCheck[];
  /** No check failed. Warnings and unknowns do not stop a migration. */
  readonly ok: boolean;
  readonly finishedAt: Instant;
  /** Requests that the source still answers. */
  readonly source: { readonly deprecated: boolean; readonly countsAnswer: boolean };
  /** `source clock - local clock`, milliseconds. */
  readonly clockSkewMs: number | undefined;
}

/** What the review of a plan shows before anything runs. */
export interface PlanSummary {
  /** Per type, where the source can be counted. */
  readonly counts: Readonly<Record<string, number>> | undefined;
  readonly total: number | undefined;
  readonly windows:
    | readonly { readonly since: Instant | undefined; readonly till: Instant; readonly expected: number | undefined }[]
    | undefined;
  readonly explanation: string;
  /** What the plan takes, by pattern and variant. */
  readonly prediction: Prediction;
}

export interface PlanProblem {
  /** Path inside the document, for example `['target', 'endpoint']`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly severity: 'error' | 'warning';
  /** Place in the text, UTF-16 units: of the value at `path`, or of its nearest parent. */
  readonly offset: number;
  readonly length: number;
}

export type PlanReading =
  | { readonly plan: Plan; readonly problems: readonly PlanProblem[] }
  | { readonly plan: undefined; readonly problems: readonly PlanProblem[] };

/** The staging accounts in which this machine looks for journals. */
export interface SharedPlaces {
  all(): Promise<readonly SharedPlace[]>;
  add(place: SharedPlace): Promise<void>;
  remove(place: SharedPlace): Promise<void>;
}

export interface MigrationHandle {
  readonly id: MigrationId;
  overview(): MigrationOverview;
  /** Who drives; undefined when nobody does. */
  driver(): Driver | undefined;
  /** True while this process drives. */
  readonly drivenHere: boolean;
  /** Where the journal lies, and in which storage account when it is shared. */
  readonly journalAt: { readonly place: JournalPlace; readonly account?: string };
  /** False for a shared migration that this machine has not agreed to drive yet. */
  isApproved(): Promise<boolean>;
  /** Agrees to drive from here: to sign in to the services of the plan and to write to its target. */
  approve(): Promise<void>;
  /** Moves the journal to the staging account, or back into a folder of this machine. */
  move(to: JournalPlace): Promise<void>;
  onChange(listener: () => void): () => void;
  /** Asks the driver, whoever it is; when nobody drives, `resume`, `retry` and `catchUp` make this process the driver. */
  control(request: ControlRequest): Promise<void>;
  /**
   * Asks for the last window: nothing writes to the source since `frozenAt`. It is taken at once, and afterwards it is
   * proved that nothing was written meanwhile; otherwise a migration that is kept in sync goes on.
   */
  finish(frozenAt: Instant): Promise<void>;
  /**
   * Stops until somebody resumes. The operations named are cancelled on their services, their work to be done again;
   * the others run on there, and whoever resumes attaches to them again.
   */
  stop(cancel: readonly OperationId[]): Promise<void>;
  /** Changes limits, calendar and the like; a driver obeys at once, and where nobody drives, it is journalled here. */
  change(settings: SettingsChange): Promise<void>;
  /** Journals what was found out or decided beside the run, by the driver, whoever it is; without one, from here. */
  tell(fact: HostFact): Promise<void>;
  /** Lines that imports refused and that the target does not hold, of one window or of all; asks both services. */
  failedLines(window: WindowId | undefined, signal: AbortSignal): AsyncIterable<FailedLine>;
  /**
   * Leaves the failed lines of a window behind: journals their number, their reasons, why, and a digest of them.
   * @throws FailureError `invalidInput` when the window has none, or no reason is given
   */
  acceptLines(window: WindowId, because: string, signal: AbortSignal): Promise<void>;
  /** What the migration left in the staging account beside the folders of its windows. */
  leftovers(): Promise<Leftovers>;
  /** Resolves when this process stops driving: complete, paused, cancelled, needs attention, or superseded. */
  stopped(): Promise<MigrationOverview>;
  /** Every record of the journal that is still kept, oldest first, for reading and for support. */
  journal(): Promise<readonly StoredRecord[]>;
  /** Stops driving without touching server jobs, so that another process can go on. */
  detach(): Promise<void>;
  dispose(): void;
}

export interface ServicesOptions {
  readonly cloud: Cloud;
  readonly tokens: TokenSource;
  readonly journalFolder: string;
  readonly log: Log;
  readonly userAgent: string;
  /** Time of migrations and of what they wait for; default the machine's own. */
  readonly clock?: Clock | undefined;
}

/** The lazily loaded services: everything that talks to Azure or runs the engine. */
export interface Services {
  discover(scope: DiscoveryScope, signal: AbortSignal): AsyncIterable<DiscoveryEvent>;
  /** Size and retirement of services, each told as it is known. */
  serviceFacts(
    services: readonly DiscoveredService[],
    signal: AbortSignal,
    told: (facts: ServiceFacts) => void,
  ): Promise<void>;
  /** Details of one service by raw GET, for refresh of one node. */
  service(resourceId: string, tenantId: string | undefined, signal: AbortSignal): Promise<DiscoveredService>;
  /** Looks at an address: /metadata decides whether it is a FHIR server and of what version and kind. */
  serviceByUrl(endpoint: string, signal: AbortSignal): Promise<DiscoveredService>;
  /** Storage account by name or resource id, with its blob endpoint. */
  storageAccount(nameOrId: string, tenantId: string | undefined, signal: AbortSignal): Promise<PlanInput['staging']>;
  /**
   * Uploads a configuration of de-identified exports to the staging account, unless the same is there, and pins it.
   * @throws FailureError `invalidInput` for text that the services could not read
   */
  uploadDeidentification(
    staging: PlanInput['staging'],
    text: string,
    signal: AbortSignal,
  ): Promise<{ readonly config: string; readonly etag: string }>;
  /** Raw CapabilityStatement JSON text. */
  metadata(endpoint: string, signal: AbortSignal): Promise<string>;
  /**
   * Compares two services by meaning, each as discovered or by its resource id or address. An aspect that fails hides no
   * other. @param aspects undefined: everything that can be asked of both. @param staging where exported files of a
   * source lie that refuses to be read; absent: those of its newest migration
   */
  compare(
    source: DiscoveredService | string,
    target: DiscoveredService | string,
    aspects: readonly Aspect[] | undefined,
    signal: AbortSignal,
    staging?: PlanInput['staging'],
  ): Promise<Comparison>;
  /** Looks at both services and the staging account, reading only, and says what stands in the way of a migration. */
  assess(input: AssessmentInput, signal: AbortSignal): Promise<Assessment>;
  /** What changed since the services were assessed last from this journal folder, where it is kept; undefined: never. */
  sinceLastAssessment(assessment: Assessment): Promise<SinceLastAssessment | undefined>;
  readonly searchParameters: SearchParameterServices;
  /** Looks at everything that has to be set for a migration, reading only; `changes` writes what is chosen of it. */
  prepare(plan: Plan, signal: AbortSignal): Promise<Preparation>;
  readonly changes: ChangeServices;
  /** What of a source's configuration and permissions can be carried over; `changes` writes what is chosen of it. */
  readonly carry: CarryServices;
  /** Proposing and making the target of a migration. */
  readonly targets: TargetServices;
  readonly profiles: ProfileServices;
  /** Runs searches on both services and compares the answers; each is told as soon as it is there. */
  compareQueries(
    source: DiscoveredService | string,
    target: DiscoveredService | string,
    queries: readonly Query[],
    progress: (compared: QueryComparison) => void,
    signal: AbortSignal,
  ): Promise<readonly QueryComparison[]>;
  preflight(plan: Plan, signal: AbortSignal, progress?: (check: PreflightCheck) => void): Promise<PreflightReport>;
  summarize(plan: Plan, signal: AbortSignal): Promise<PlanSummary>;
  /** Proves that a source and its target are equal; see `Verification`. */
  verify(request: VerificationRequest, signal: AbortSignal, watch?: VerificationWatch): Promise<Verification>;
  /** Deletes from the target what a verification found there and not on the source, after reading each again. */
  removeExtras(
    request: RemovalRequest,
    signal: AbortSignal,
    progress?: (done: number, total: number) => void,
  ): Promise<Removal>;
  /** Exports and imports exactly the resources of these differences, and reads each again afterwards. */
  importAgain(
    request: ImportAgainRequest,
    signal: AbortSignal,
    progress?: (done: number, total: number) => void,
  ): Promise<ImportAgain>;
  /** Both texts of one resource, for looking at them; nothing of them is kept. */
  readBoth(request: ReadBothRequest, signal: AbortSignal): Promise<BothTexts>;
  /** Staging accounts that are looked into for shared migrations, beside those of migrations started from here. */
  readonly shared: SharedPlaces;
  /** Every migration of the journal folder and of the staging accounts. One that cannot be read is told to `problem` and hides no other. */
  listMigrations(problem?: (id: MigrationId, failure: Failure) => void): Promise<readonly MigrationHandle[]>;
  openMigration(id: MigrationId): Promise<MigrationHandle>;
  readonly cutover: CutoverServices;
  readonly cleanup: CleanupServices;
  /** The report of a migration; asks no service. */
  readonly report: MakeReport;
  /** The plan that moves a slice of a plan, into its target or into another service; see `rehearsalPlan`. */
  rehearsalPlan(plan: Plan, slice: Slice, scratch: PlanService | undefined, signal: AbortSignal): Promise<Plan>;
  /** Creates the journal and starts to drive. */
  startMigration(plan: Plan): Promise<MigrationHandle>;
  dispose(): Promise<void>;
}

/** A service principal as the user gave it; the secret lives in the host's secret storage. */
export interface ClientSecret {
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret: string;
}

/** What `services.ts` exports. Hosts that cannot get tokens from an editor take one of its sources. */
export interface ServicesModule {
  createServices(options: ServicesOptions): Services;
  /** Tokens of the account that the Azure CLI is signed in with. */
  azureCliTokens(cloud: Cloud): TokenSource;
  clientSecretTokens(cloud: Cloud, credential: ClientSecret): TokenSource;
  /** Environment, managed identity or developer tools: the first that works. */
  defaultTokens(cloud: Cloud): TokenSource;
  /** What a command of the user prints. */
  commandTokens(cloud: Cloud, command: string): TokenSource;
  /** @throws FailureError `invalidInput` that names the field */
  parseCloud(input: unknown): Cloud;
}
