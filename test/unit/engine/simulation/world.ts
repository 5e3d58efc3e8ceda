import * as v from 'valibot';
import { FailureError } from '../../../../src/failure/failure.ts';
import { migrationId } from '../../../../src/engine/ids.ts';
import { writeCreation } from '../../../../src/engine/journal/createMigration.ts';
import { readJournal } from '../../../../src/engine/journal/readJournal.ts';
import { planSchema, type Plan, type PlanInput } from '../../../../src/engine/plan.ts';
import type { Driver, DriverRequest, Instant, JournalStore, Log, LoadSample } from '../../../../src/engine/ports.ts';
import type { MigrationPorts } from '../../../../src/engine/run/context.ts';
import { Runner } from '../../../../src/engine/run/runner.ts';
import { Process, type Troublemaker } from './effects.ts';
import type { PlaceOptions, StorePlace } from '../journal/stores.ts';
import { MemoryJournal } from './memoryJournal.ts';
import { SourceModel, sourceUrl, type ExportBehaviour } from './sourceModel.ts';
import { blobEndpoint, checkAddress, container, StagingModel } from './stagingModel.ts';
import { TargetModel, targetUrl, type ImportBehaviour } from './targetModel.ts';
import { seeded, VirtualClock, type SimulatedClock } from './virtualClock.ts';

export const start = Date.UTC(2026, 4, 1, 12);
export const minute = 60_000;
export const day = 86_400_000;

export interface WorldOptions {
  readonly plan?: Partial<Pick<PlanInput, 'scope' | 'limits' | 'options' | 'sync' | 'calendar'>>;
  readonly exports: ExportBehaviour;
  readonly imports: ImportBehaviour;
  readonly trouble?: Troublemaker;
  readonly snapshotEvery?: number;
  /** The source does not de-identify what it is asked to. */
  readonly unmarked?: boolean;
  /** Few lines stand for many: how large each is; default 700. */
  readonly bytesPerLine?: number;
  /** Default: time passes only when nobody has anything left to do. */
  readonly clock?: SimulatedClock;
  /** Keeps the journal there instead of in memory; every process opens it anew. */
  readonly place?: (options: PlaceOptions) => StorePlace | Promise<StorePlace>;
  /** The machine of the driver sleeps: its timers and sockets do nothing, while the services go on. */
  /** How far the clock of the driver's machine is ahead of the simulated time; it may jump. */
  readonly wrongBy?: (now: Instant) => number;
  readonly asleep?: { readonly from: Instant; readonly till: Instant };
}

export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  return;
}

/** A plan between the two modelled services. */
export function planFor(flavour: ExportBehaviour['flavour'], more: WorldOptions['plan'] = {}): Plan {
  return v.parse(planSchema, {
    version: 1,
    name: 'simulated',
    source: { kind: flavour, name: 'source', endpoint: sourceUrl },
    target: { kind: 'ahds', name: 'target', endpoint: targetUrl },
    staging: { accountName: 'staging', blobEndpoint, container },
    ...more,
    // Small models stand for large services: their few resources must not become one window.
    limits: { joinBelowResources: 0, ...more.limits },
  });
}

/** Two services, a staging account, a journal, and processes that drive the migration one after the other. */
export class World {
  readonly clock: SimulatedClock;
  readonly staging: StagingModel;
  readonly source: SourceModel;
  readonly target: TargetModel;
  readonly plan: Plan;
  readonly journal: MemoryJournal;
  readonly effects = { count: 0 };
  /** Requests to the FHIR services by name. */
  readonly calls = new Map<string, number>();
  kills = 0;
  /** Who wants to know how the services answer. */
  readonly watching = { source: new Set<LoadListener>(), target: new Set<LoadListener>() };
  readonly #options: WorldOptions;
  readonly #random = seeded(7);
  /** What processes held, to be let go of at the end. */
  readonly #held: { readonly store: JournalStore; readonly driver: Driver }[] = [];
  #place: StorePlace | undefined;
  #processes = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.clock = options.clock ?? new VirtualClock(start);
    this.staging = new StagingModel(options.bytesPerLine);
    this.source = new SourceModel(this.clock, this.staging, options.exports);
    this.target = new TargetModel(this.clock, this.staging, options.imports);
    this.plan = planFor(options.exports.flavour, options.plan);
    this.journal = new MemoryJournal(migrationId('simulated'), () => this.localNow());
  }

  /** Time as the machine of the driver has it. */
  localNow(): Instant {
    const now = this.clock.now();
    return now + (this.#options.wrongBy?.(now) ?? 0);
  }

  async create(): Promise<void> {
    const now = (): Instant => this.localNow();
    this.#place = await this.#options.place?.({ now, leaseMs: minute / 2 });
    const store = this.#place === undefined ? this.journal : await this.#place.create();
    await writeCreation(store, this.plan, 'creator', now());
  }

  /** The journal as another process sees it. */
  store(): JournalStore {
    return this.#place?.open() ?? this.journal;
  }

  /** Lets go of what killed processes held, and of the place of the journal. */
  async end(): Promise<void> {
    for (const { store, driver } of this.#held.splice(0)) await store.release(driver).catch(nothing);
    await this.#place?.end();
  }

  /** Drives until the driver stops by itself; a killed one is followed by the next after a minute. */
  async drive(): Promise<Runner> {
    for (;;) {
      const runner = await this.driveOnce();
      if (runner !== undefined) return runner;
      this.kills += 1;
      this.journal.expire();
      await this.clock.run(this.clock.sleep(minute, new AbortController().signal));
    }
  }

  /** One process; undefined when it was killed. */
  async driveOnce(started: (runner: Runner) => void = nothing): Promise<Runner | undefined> {
    this.#processes += 1;
    let died = nothing;
    const death = new Promise<void>((resolve) => {
      died = resolve;
    });
    const process = new Process(this.effects, this.#options.trouble ?? (() => undefined), died);
    const store = this.store();
    const driver = await store.acquire(`process-${this.#processes}`);
    this.#held.push({ store, driver });
    const { state } = await readJournal(store);
    const runner = new Runner({
      store: this.#storeFor(process, store),
      driver,
      state,
      ports: this.#portsFor(process),
      clock: this.#clockFor(process),
      random: this.#random,
      log: silentLog,
      changed: nothing,
      ...(this.#options.snapshotEvery === undefined ? {} : { snapshotEvery: this.#options.snapshotEvery }),
    });
    started(runner);
    await this.clock.run(Promise.race([runner.run(), death]));
    return process.isAlive ? runner : undefined;
  }

  /** The services as a process sees them that nothing happens to, or only this. */
  outside(trouble: Troublemaker = () => undefined): MigrationPorts {
    return this.#portsFor(new Process({ count: 0 }, trouble, nothing));
  }

  async ask(request: DriverRequest): Promise<void> {
    await this.store().request(request);
  }

  #call(name: string): void {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
  }

  #clockFor(
    process: Process,
  ): SimulatedClock | { now(): Instant; sleep(ms: number, signal: AbortSignal): Promise<void> } {
    return {
      now: () => this.localNow(),
      sleep: (ms, signal) => {
        if (!process.isAlive) return new Promise(() => undefined);
        return this.clock.sleep(ms + this.#sleepsOver(ms), signal);
      },
    };
  }

  /** How much later than asked a timer of so many milliseconds fires. */
  #sleepsOver(ms: number): number {
    const { asleep } = this.#options;
    const due = this.clock.now() + ms;
    return asleep !== undefined && due >= asleep.from && due < asleep.till ? asleep.till - due : 0;
  }

  #storeFor(process: Process, journal: JournalStore): JournalStore {
    // Files take turns of the event loop, in which no simulated time may pass.
    const held = <T>(work: () => Promise<T>): Promise<T> => this.clock.hold(work());
    return {
      migration: journal.migration,
      place: journal.place,
      isLong: () => journal.isLong(),
      documents: () => held(() => journal.documents()),
      markMoved: (driver, to) => journal.markMoved(driver, to),
      read: () => held(() => journal.read()),
      acquire: (id) => held(() => journal.acquire(id)),
      renew: (driver) => (process.isAlive ? held(() => journal.renew(driver)) : new Promise(() => undefined)),
      release: (driver) => (process.isAlive ? held(() => journal.release(driver)) : Promise.resolve()),
      driver: () => held(() => journal.driver()),
      append: (driver, after, texts) => process.do('append', () => held(() => journal.append(driver, after, texts))),
      snapshot: (driver, sequence, text) =>
        process.do('snapshot', () => held(() => journal.snapshot(driver, sequence, text))),
      attach: (driver, name, text) => process.do('attach', () => held(() => journal.attach(driver, name, text))),
      readAttachment: (name) => held(() => journal.readAttachment(name)),
      request: (control) => held(() => journal.request(control)),
      takeRequests: (driver) => held(() => journal.takeRequests(driver)),
      // Real watchers would outlive killed processes.
      watch: (changed) => (journal === this.journal ? journal.watch(changed) : nothing),
    };
  }

  #portsFor(process: Process): MigrationPorts {
    const { source, target, staging } = this;
    const ask = async <T>(name: string, act: () => T): Promise<T> => {
      const slept = this.#sleepsOver(0);
      const answer = await process.do(name, () => {
        this.#call(name);
        return act();
      });
      if (slept === 0) return answer;
      await this.clock.sleep(slept, new AbortController().signal);
      throw new FailureError({ kind: 'network', message: `The connection died during ${name}.` });
    };
    const live = <T>(act: () => T): T => {
      if (source.isDeprecated) throw new FailureError({ kind: 'retired', status: 410, message: 'service-deprecated' });
      return act();
    };
    return {
      source: {
        serverTime: () => ask('source time', () => source.now()),
        watchLoad: (listener) => watched(this.watching.source, listener),
        count: (query) => ask('source count', () => live(() => source.store.count(query))),
        countTypes: (types, range) => ask('source counts', () => live(() => countsOf(source.store, types, range))),
        earliest: (of) => ask('source earliest', () => live(() => earliestOf(source, of))),
        newest: (of, types) => ask('source newest', () => live(() => newestOf(source, of, types))),
        resourceTypes: () => ask('source types', () => source.store.types()),
        startExport: (request) =>
          ask('start export', () => {
            const { id } = source.start(request);
            return { statusUrl: exportUrl(id), jobId: id, serverTime: source.now() };
          }),
        exportStatus: (url) => ask('export status', () => source.status(lastSegment(url))),
        cancelExport: (url) => ask('cancel export', () => live(() => source.cancel(lastSegment(url)))),
        exportStatusUrl: exportUrl,
        searchParameters: () => ask('source search parameters', () => live(() => [])),
      },
      target: {
        serverTime: () => ask('target time', () => this.clock.now()),
        watchLoad: (listener) => watched(this.watching.target, listener),
        count: (query) => ask('target count', () => target.store.count(query)),
        countTypes: (types, range) => ask('target counts', () => countsOf(target.store, types, range)),
        startImport: (request) =>
          ask('start import', () => {
            const { id } = target.start(request);
            return { statusUrl: `${targetUrl}/_operations/import/${id}`, jobId: id };
          }),
        importStatus: (url) => ask('import status', () => target.status(lastSegment(url))),
        cancelImport: (url) => ask('cancel import', () => target.cancel(lastSegment(url))),
        heldVersions: (type, id) =>
          ask('held versions', () =>
            target.store
              .versions(type, id)
              .map(({ version, lastUpdated, deleted }) => ({ versionId: String(version), lastUpdated, deleted }))
              .reverse(),
          ),
        copySearchParameters: (parameters) =>
          ask('copy search parameters', () => parameters.map(({ url }) => ({ url, outcome: 'created' as const }))),
      },
      staging: {
        exportFolders: (since) => ask('list folders', () => staging.folders(since)),
        files: (folder) => pagesOf(ask('list files', () => staging.filesOf(folder))),
        checkAddress,
        refusedLines: (error) => linesOf(ask('read errors', () => staging.refused(error.url))),
        stageLines: (request) => ask('stage lines', () => staging.stageLines(request)),
        stageDeletions: () => Promise.reject(new Error('No source of the simulation tells deletions as bundles.')),
        markedLines: (files) =>
          ask('read marks', () => {
            const lines = files.reduce((sum, { count }) => sum + count, 0);
            return { lines, marked: this.#options.unmarked === true ? 0 : lines };
          }),
        searchParameters: (files) =>
          ask('staged search parameters', () =>
            files.map(({ url }) => ({ url: `https://example.org/${url.length}`, resource: {} })),
          ),
      },
    };
  }
}

type LoadListener = (sample: LoadSample) => void;

function watched(listeners: Set<LoadListener>, listener: LoadListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function* pagesOf<T>(page: Promise<readonly T[]>): AsyncIterable<readonly T[]> {
  yield await page;
}

async function* linesOf<T>(lines: Promise<readonly T[]>): AsyncIterable<T> {
  yield* await lines;
}

function exportUrl(id: string): string {
  return `${sourceUrl}/_operations/export/${id}`;
}

function lastSegment(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function newestOf(source: SourceModel, of: 'current' | 'versions', types?: readonly string[]): Instant | undefined {
  let newest: Instant | undefined;
  for (const versions of source.store.everything()) {
    const last = versions.at(-1);
    if (last === undefined || (of === 'current' && last.deleted)) continue;
    if (types?.includes(last.type) ?? true) newest = Math.max(newest ?? last.lastUpdated, last.lastUpdated);
  }
  return newest;
}

function earliestOf(source: SourceModel, of: 'current' | 'versions'): Instant | undefined {
  let earliest: Instant | undefined;
  for (const versions of source.store.everything()) {
    for (const { lastUpdated, deleted } of of === 'versions' ? versions : versions.slice(-1)) {
      if (of === 'current' && deleted) continue;
      earliest = Math.min(earliest ?? lastUpdated, lastUpdated);
    }
  }
  return earliest;
}

function countsOf(
  store: SourceModel['store'],
  types: readonly string[],
  range: { readonly since?: Instant; readonly till?: Instant },
): ReadonlyMap<string, number> {
  return new Map(types.map((type) => [type, store.count({ of: 'current', type, ...range })]));
}
