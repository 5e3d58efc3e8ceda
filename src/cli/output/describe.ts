import type { MigrationOverview, MigrationPhase } from '../../engine/overview.ts';
import type { PreflightReport } from '../../services/contract.ts';
import { cutoverLines, lagText, syncLines } from './syncLines.ts';
import { table } from './table.ts';
import { verifiedLines } from './verifiedLines.ts';

const modeWords: Readonly<Record<NonNullable<MigrationOverview['exportMode']>['mode'], string>> = {
  parallel: 'the whole service at once, in parallel',
  sequential: 'the whole service at once, page by page',
  perType: 'type by type',
};

const phases: Readonly<Record<MigrationPhase, string>> = {
  planned: 'planned',
  preparing: 'preparing',
  backlog: 'moving the backlog',
  catchUp: 'catching up',
  syncing: 'in sync',
  finishing: 'taking the last window',
  checking: 'checking',
  pausing: 'pausing',
  paused: 'paused',
  cancelling: 'cancelling',
  cancelled: 'cancelled',
  needsAttention: 'needs attention',
  complete: 'complete',
};

export const phaseWords = (phase: MigrationPhase): string => phases[phase];

/** `1 h 05 min`, `3 min 20 s`, `12 s`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** One line: phase, windows, resources, rate, remaining time. */
export function progressText(overview: MigrationOverview): string {
  const { progress } = overview;
  const known = overview.blind && overview.phase !== 'complete' ? 'known so far' : 'windows';
  const parts = [
    phaseWords(overview.phase),
    `${progress.windowsDone}/${progress.windowsKnown} ${known}`,
    `${progress.imported.toLocaleString('en')} of ${(progress.expected ?? progress.exported).toLocaleString('en')} resources`,
  ];
  if (progress.rateNow !== undefined) parts.push(`${Math.round(progress.rateNow).toLocaleString('en')}/s`);
  if (progress.remainingMs !== undefined) parts.push(`about ${durationText(progress.remainingMs)} left`);
  const lag = lagText(overview);
  if (lag !== undefined) parts.push(lag);
  if (overview.waiting !== undefined) parts.push(overview.waiting);
  return parts.join(' · ');
}

const marks = { pass: 'pass   ', warning: 'warning', failure: 'FAILURE', unknown: 'unknown' } as const;

/** Every check with its evidence; what to do next where something is wrong. */
export function preflightLines(report: PreflightReport): string[] {
  return report.checks.flatMap((check) => [
    `${marks[check.outcome]}  ${check.title}`,
    `         ${check.found} [${check.evidence}]`,
    ...(check.outcome === 'pass' || check.nextStep === undefined ? [] : [`         Next: ${check.nextStep}`]),
  ]);
}

/** The summary at the end: per type, totals, duration, attention, where the staged files are. */
export function summaryLines(overview: MigrationOverview): string[] {
  const rows = Object.entries(overview.totals)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, t]) => [
      type,
      t.exported,
      t.imported,
      t.alreadyThere,
      t.failed,
      t.unaccounted,
      t.onSource,
      t.onTarget,
    ]);
  const sum = (of: 'exported' | 'imported' | 'alreadyThere' | 'failed' | 'unaccounted'): number =>
    Object.values(overview.totals).reduce((total, type) => total + type[of], 0);
  const total = ['all types', sum('exported'), sum('imported'), sum('alreadyThere'), sum('failed'), sum('unaccounted')];
  const header = ['type', 'exported', 'imported', 'already there', 'failed', 'unaccounted', 'on source', 'on target'];
  const { startedAt, endedAt, staging } = overview;
  return [
    ...table(header, [...rows, total]),
    '',
    `${overview.name}: ${phaseWords(overview.phase)}`,
    ...(startedAt !== undefined && endedAt !== undefined ? [`Duration: ${durationText(endedAt - startedAt)}`] : []),
    `Windows: ${overview.progress.windowsDone} of ${overview.progress.windowsKnown} done`,
    ...syncLines(overview),
    ...cutoverLines(overview),
    ...verifiedLines(overview),
    ...(overview.exportMode === undefined
      ? []
      : [`Exports: ${modeWords[overview.exportMode.mode]}. ${overview.exportMode.reason}`]),
    `Staged files: ${staging.folders.length} folders in ${staging.account}/${staging.container}`,
    ...overview.notes.map((note) => `Note: ${note}`),
    ...overview.windows.flatMap(({ id, accepted }) =>
      accepted === undefined ? [] : [`Accepted: ${accepted.lines} failed lines of window ${id}: ${accepted.because}`],
    ),
    ...overview.attention.flatMap(({ about, failure }) => [
      `Attention: ${about.window === undefined ? '' : `window ${about.window}: `}${failure.message}`,
      ...(failure.nextStep === undefined ? [] : [`  Next: ${failure.nextStep}`]),
    ]),
  ];
}
