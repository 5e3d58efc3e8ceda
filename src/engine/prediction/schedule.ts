import { nextPoll } from '../decide/polling.ts';

/** How fast both services are, in single numbers. */
export interface Pace {
  readonly exportFixedMs: number;
  readonly exportPerSecond: number;
  readonly importFixedMs: number;
  readonly importPerSecond: number;
}

export interface ScheduleLimits {
  readonly exportsAtOnce: number;
  readonly importsAtOnce: number;
  readonly windowsInFlight: number;
}

/** Durations of operations so far, milliseconds: how often an operation is looked at follows from them. */
export interface Experience {
  readonly export: readonly number[];
  readonly import: readonly number[];
}

export const noExperience: Experience = { export: [], import: [] };

/** When a job of a kind may start, at or after a time in milliseconds from the start of the schedule. */
export type OpenFrom = (kind: keyof Experience, at: number) => number;

/** At any time. */
export const always: OpenFrom = (_, at) => at;

export interface Scheduled {
  /** When the last export was seen to have ended, and when everything was seen to be on the target; milliseconds. */
  readonly exportedMs: number;
  readonly importedMs: number;
  readonly experience: Experience;
}

/** A good import has at least this much (Microsoft Learn, healthcare-apis: fhir-best-practices); smaller ones are joined. */
const goodImport = 20_000;

/** A few minutes until the end is seen change little of what takes hours, milliseconds. */
const veryLong = 6 * 3_600_000;

interface Job {
  readonly kind: keyof Experience;
  readonly noticedAt: number;
  /** Resources of the windows that it exports, or windows that it imports. */
  readonly windows: readonly number[];
  readonly durationMs: number;
}

/**
 * Passes windows through both services as the engine does: exports in order, imports of what is exported in free slots,
 * each operation looked at as the engine would. Jobs of one service share its speed, first come, first served.
 * @param windows resources of each window
 */
export function schedule(
  windows: readonly number[],
  pace: Pace,
  limits: ScheduleLimits,
  before = noExperience,
  openFrom = always,
): Scheduled {
  const lengths = { export: [...before.export], import: [...before.import] };
  const busyUntil = { export: 0, import: 0 };
  const jobs: Job[] = [];
  const waiting = [...windows];
  let pending: number[] = [];
  let [now, exportedMs, inFlight] = [0, 0, 0];
  const running = (kind: Job['kind']): number => jobs.filter((job) => job.kind === kind).length;
  const begin = (kind: Job['kind'], resources: number, of: readonly number[]): void => {
    const [fixed, perSecond] =
      kind === 'export' ? [pace.exportFixedMs, pace.exportPerSecond] : [pace.importFixedMs, pace.importPerSecond];
    busyUntil[kind] = Math.max(busyUntil[kind], now) + (resources / perSecond) * 1_000;
    const durationMs = busyUntil[kind] + fixed - now;
    const seen = lookUntil(durationMs, lengths[kind]);
    jobs.push({ kind, noticedAt: now + seen.noticed, windows: of, durationMs: seen.believed });
  };
  for (;;) {
    const wantsExport = (): boolean =>
      waiting.length > 0 && running('export') < limits.exportsAtOnce && inFlight < Math.max(1, limits.windowsInFlight);
    const exportFrom = wantsExport() ? openFrom('export', now) : now;
    while (wantsExport() && exportFrom <= now) {
      const resources = waiting.shift() ?? 0;
      begin('export', resources, [resources]);
      inFlight += 1;
    }
    const free = limits.importsAtOnce - running('import');
    const wantsImport = pending.length > 0 && free > 0;
    const importFrom = wantsImport ? openFrom('import', now) : now;
    if (wantsImport && importFrom <= now) {
      const resources = pending.reduce((sum, each) => sum + each, 0);
      const parts = Math.max(1, Math.min(free, Math.floor(resources / goodImport)));
      for (let part = 0; part < parts; part += 1) begin('import', resources / parts, part === 0 ? pending : []);
      pending = [];
    }
    const opening = Math.min(...[exportFrom, importFrom].filter((at) => at > now));
    if (Number.isFinite(opening) && jobs.every(({ noticedAt }) => noticedAt > opening)) {
      now = opening;
      continue;
    }
    const next = takeNext(jobs);
    if (next === undefined) return { exportedMs, importedMs: now, experience: lengths };
    now = next.noticedAt;
    lengths[next.kind].push(next.durationMs);
    if (next.kind === 'import') inFlight -= next.windows.length;
    else {
      exportedMs = now;
      pending.push(...next.windows);
    }
  }
}

function takeNext(jobs: Job[]): Job | undefined {
  let first: Job | undefined;
  for (const job of jobs) if (first === undefined || job.noticedAt < first.noticedAt) first = job;
  if (first !== undefined) jobs.splice(jobs.indexOf(first), 1);
  return first;
}

/** When the end of an operation is seen, and how long it is then believed to have taken. */
function lookUntil(durationMs: number, durations: readonly number[]): { noticed: number; believed: number } {
  if (durationMs > veryLong) return { noticed: durationMs, believed: durationMs };
  let [last, at] = [0, 0];
  while (at < durationMs) {
    last = at;
    at += nextPoll(at, durations, undefined);
  }
  return { noticed: at, believed: (last + at) / 2 };
}
