import type { RememberedFinding } from '../../assess/changes.ts';
import { severities } from '../../assess/finding.ts';

/** Where values are kept between sessions: the shape of the editor's `Memento`. */
export interface KeyValueStore {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** What the user chose last, so that the next question starts with it. */
export interface LastChoices {
  /** Last target by id of the source. */
  readonly targetOf: Readonly<Record<string, string>>;
  /** Last staging account by id of the source. */
  readonly stagingOf: Readonly<Record<string, string>>;
  readonly what: 'everything' | 'types' | 'range' | undefined;
  readonly types: readonly string[];
  readonly history: boolean;
  readonly softDeleted: boolean;
  readonly ending: 'end' | 'cutover' | 'follow' | undefined;
  readonly folder: string | undefined;
}

/** Tenants and subscriptions that discovery is limited to; undefined: all of them. */
export interface ChosenScope {
  readonly tenantIds: readonly string[] | undefined;
  readonly subscriptionIds: readonly string[] | undefined;
}

/** The last assessment of a source, alone or with a target, and what was accepted with a reason. */
export interface RememberedReadiness {
  readonly findings: readonly RememberedFinding[];
  /** Reasons by the id of a finding. */
  readonly accepted: Readonly<Record<string, string>>;
}

/** Assessments of more pairs of services are forgotten, the oldest first. */
const assessmentsKept = 50;
/** Interrupted verifications beyond these are forgotten, the oldest first. */
const checkpointsKept = 20;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;

const textRecord = (value: unknown): Readonly<Record<string, string>> =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};

const rememberedFinding = (value: unknown): readonly RememberedFinding[] => {
  if (!isRecord(value)) return [];
  const { id, title, seen } = value;
  const severity = severities.find((one) => one === value.severity);
  return typeof id === 'string' && typeof title === 'string' && typeof seen === 'string' && severity !== undefined
    ? [{ id, title, seen, severity }]
    : [];
};

/** Typed access to what is remembered. Values of another shape, from another version, count as absent. */
export class Memory {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  get scope(): ChosenScope {
    const value = this.#store.get('fhirMigration.scope');
    if (!isRecord(value)) return { tenantIds: undefined, subscriptionIds: undefined };
    return { tenantIds: texts(value.tenantIds), subscriptionIds: texts(value.subscriptionIds) };
  }

  async setScope(scope: ChosenScope): Promise<void> {
    await this.#store.update('fhirMigration.scope', scope);
  }

  get lastChoices(): LastChoices {
    const stored = this.#store.get('fhirMigration.lastChoices');
    const value = isRecord(stored) ? stored : {};
    const what = value.what;
    return {
      targetOf: textRecord(value.targetOf),
      stagingOf: textRecord(value.stagingOf),
      what: what === 'everything' || what === 'types' || what === 'range' ? what : undefined,
      types: texts(value.types) ?? [],
      history: value.history === true,
      softDeleted: value.softDeleted !== false,
      ending:
        value.ending === 'end' || value.ending === 'cutover' || value.ending === 'follow' ? value.ending : undefined,
      folder: typeof value.folder === 'string' ? value.folder : undefined,
    };
  }

  async setLastChoices(choices: LastChoices): Promise<void> {
    await this.#store.update('fhirMigration.lastChoices', choices);
  }

  /** Keys of the differences that were set aside for a pair of services. */
  excludedOf(pair: string): readonly string[] {
    const stored = this.#store.get('fhirMigration.excludedDrift');
    return isRecord(stored) ? (texts(stored[pair]) ?? []) : [];
  }

  async setExcluded(pair: string, keys: readonly string[]): Promise<void> {
    const stored = this.#store.get('fhirMigration.excludedDrift');
    const others = Object.entries(isRecord(stored) ? stored : {}).filter(([key]) => key !== pair);
    const kept = keys.length === 0 ? others : [...others, [pair, keys] as const];
    await this.#store.update('fhirMigration.excludedDrift', Object.fromEntries(kept));
  }

  /** Id of the reindex that was started from here on a service and has not been seen to end. */
  reindexOf(service: string): string | undefined {
    const value = textRecord(this.#store.get('fhirMigration.reindexes'));
    return Object.hasOwn(value, service) ? value[service] : undefined;
  }

  async setReindex(service: string, jobId: string | undefined): Promise<void> {
    const stored = textRecord(this.#store.get('fhirMigration.reindexes'));
    const others = Object.fromEntries(Object.entries(stored).filter(([key]) => key !== service));
    await this.#store.update('fhirMigration.reindexes', jobId === undefined ? others : { ...others, [service]: jobId });
  }

  /** What is known of the last assessment of a pair of services. */
  readinessOf(pair: string): RememberedReadiness | undefined {
    const stored = this.#store.get('fhirMigration.readiness');
    const value = isRecord(stored) && Object.hasOwn(stored, pair) ? stored[pair] : undefined;
    if (!isRecord(value) || !Array.isArray(value.findings)) return undefined;
    return { findings: value.findings.flatMap(rememberedFinding), accepted: textRecord(value.accepted) };
  }

  async setReadiness(pair: string, readiness: RememberedReadiness): Promise<void> {
    const stored = this.#store.get('fhirMigration.readiness');
    const others = Object.entries(isRecord(stored) ? stored : {}).filter(([key]) => key !== pair);
    const kept = [...others, [pair, readiness] as const].slice(-assessmentsKept);
    await this.#store.update('fhirMigration.readiness', Object.fromEntries(kept));
  }

  /** Where a verification was interrupted, by the digest of its request, as it was stored: whoever uses it checks it. */
  checkpointOf(request: string): unknown {
    const stored = this.#store.get('fhirMigration.checkpoints');
    return isRecord(stored) && Object.hasOwn(stored, request) ? stored[request] : undefined;
  }

  async setCheckpoint(request: string, checkpoint: unknown): Promise<void> {
    const stored = this.#store.get('fhirMigration.checkpoints');
    const others = Object.entries(isRecord(stored) ? stored : {}).filter(([key]) => key !== request);
    if (checkpoint === undefined && others.length === Object.keys(isRecord(stored) ? stored : {}).length) return;
    const kept = checkpoint === undefined ? others : [...others, [request, checkpoint] as const];
    await this.#store.update('fhirMigration.checkpoints', Object.fromEntries(kept.slice(-checkpointsKept)));
  }

  /** Reasons of the differences of two services that were accepted, by their digests. */
  acceptedOf(pair: string): Readonly<Record<string, string>> {
    const stored = this.#store.get('fhirMigration.acceptedDifferences');
    return isRecord(stored) && Object.hasOwn(stored, pair) ? textRecord(stored[pair]) : {};
  }

  /** @param because undefined: the acceptance is taken back */
  async setAccepted(pair: string, keys: readonly string[], because: string | undefined): Promise<void> {
    const stored = this.#store.get('fhirMigration.acceptedDifferences');
    const accepted: Record<string, string> = { ...this.acceptedOf(pair) };
    for (const key of keys) {
      if (because === undefined) Reflect.deleteProperty(accepted, key);
      else accepted[key] = because;
    }
    const others = isRecord(stored) ? stored : {};
    await this.#store.update('fhirMigration.acceptedDifferences', { ...others, [pair]: accepted });
  }

  /** Addresses of the FHIR servers that were added by hand. */
  get addedServers(): readonly string[] {
    return texts(this.#store.get('fhirMigration.addedServers')) ?? [];
  }

  async setAddedServers(endpoints: readonly string[]): Promise<void> {
    await this.#store.update('fhirMigration.addedServers', endpoints);
  }
}
