import { changeLines } from '../compare/changes/changeWords.ts';
import type { RememberedChange } from '../compare/changes/remembered.ts';
import type { MigrationOverview } from '../engine/overview.ts';
import type { Plan, PlanService } from '../engine/plan.ts';
import type { Instant } from '../engine/ports.ts';
import { redact } from '../failure/redact.ts';
import type { Report, ReportChange, ReportJournal, ReportService, ReportWindows } from './report.ts';
import { timelineOf } from './timeline.ts';
import { instant } from './words.ts';

/** What a report is made from. */
export interface ReportFacts {
  readonly overview: MigrationOverview;
  /** The last word on each change, the oldest first; undefined where they could not be read. */
  readonly changes: readonly RememberedChange[] | undefined;
  readonly journal: ReportJournal;
  readonly product: string;
  readonly takenAt: Instant;
}

/** The report of a migration as it stands now. */
export function reportOf({ overview, changes, journal, product, takenAt }: ReportFacts): Report {
  const { plan, verification, staging, sync, finish } = overview;
  return cleaned({
    report: 'fhir-migration',
    v: 1,
    takenAt,
    product,
    id: overview.id,
    name: overview.name,
    phase: overview.phase,
    source: serviceOf(plan.source),
    target: serviceOf(plan.target),
    staging: { account: staging.account, container: staging.container, folders: staging.folders.length },
    scope: scopeOf(plan, overview.blind),
    createdAt: overview.createdAt,
    startedAt: overview.startedAt,
    endedAt: overview.endedAt,
    watermark: overview.watermark,
    lagMs: sync?.lagMs,
    freezeToDoneMs: finish?.freezeToDoneMs,
    timeline: timelineOf(overview),
    totals: Object.entries(overview.totals)
      .map(([type, totals]) => ({ type, ...totals }))
      .sort((a, b) => (a.type < b.type ? -1 : 1)),
    windows: windowsOf(overview),
    throughput: overview.throughput,
    verification: { by: verification.by, until: verification.until, runs: verification.runs },
    decisions: verification.treated.map(({ at, treatment, classes, because }) => ({ at, treatment, classes, because })),
    changes: changes?.map(changeOf),
    cutover: overview.cutover,
    cleanups: overview.cleanups ?? [],
    attention: overview.attention.map(({ failure: { message, nextStep } }) => ({ message, nextStep })),
    notes: overview.notes,
    journal,
  });
}

/**
 * Every text without what could name a patient or open a door. The journal should hold nothing of that kind; but a
 * reason is what a user typed, and a report is passed on.
 */
function cleaned<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => cleaned(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, cleaned(item)])) as T;
}

const serviceOf = ({ name, kind, endpoint }: PlanService): ReportService => ({ name, kind, endpoint });

function scopeOf({ scope, options, sync, limits }: Plan, blind: boolean): readonly (readonly [string, string])[] {
  return [
    ['Resource types', scope.resourceTypes?.join(', ') ?? 'all'],
    ['Last updated from', scope.since ?? 'the beginning'],
    ['Last updated before', scope.till ?? 'no end'],
    ['Versions', scope.history ? 'with history' : 'current only'],
    ['Soft-deleted resources', scope.softDeleted ? 'included' : 'left out'],
    ['Custom search parameters', options.searchParameters ? 'carried over' : 'left out'],
    [
      'Kept in sync',
      sync === undefined ? 'no' : sync.purpose === 'follow' ? 'as a copy to fall back on' : 'until cutover',
    ],
    ['Longest window', `${limits.windowDays} days`],
    ...(blind ? [['The source', 'answers exports only, no counts'] as const] : []),
  ];
}

function windowsOf({ windows }: MigrationOverview): ReportWindows {
  const isDone = (state: string): boolean => state === 'done' || state === 'empty' || state === 'split';
  const verifiedAs = (outcome: string): number => windows.filter(({ verified }) => verified === outcome).length;
  const needAttention = windows.filter(({ state }) => state === 'needsAttention').length;
  const done = windows.filter(({ state }) => isDone(state)).length;
  return {
    all: windows.length,
    done,
    open: windows.length - done - needAttention,
    needAttention,
    verified: { equal: verifiedAs('equal'), different: verifiedAs('different'), uncounted: verifiedAs('uncounted') },
  };
}

const changeStates = { started: 'unknown', done: 'done', failed: 'failed', undone: 'putBack' } as const;

const changeOf = ({ at, change, state }: RememberedChange): ReportChange => ({
  at,
  title: change.title,
  lines: changeLines(change),
  state: changeStates[state],
});

/** Name of the report as a file, without its ending: which migration, and when. */
export const reportName = ({ id, takenAt }: Pick<Report, 'id' | 'takenAt'>): string =>
  `migration-${id}-report-${instant(takenAt).slice(0, 16).replaceAll(/[: ]/g, '-')}`;
