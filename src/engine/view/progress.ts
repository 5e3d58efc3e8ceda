import type { Observations } from '../decide/observations.ts';
import type { MigrationOverview } from '../overview.ts';
import type { Instant } from '../ports.ts';
import type { MigrationState, Window } from '../state/state.ts';
import { windowTotals } from './totals.ts';

const recently = 10 * 60_000;

type Progress = MigrationOverview['progress'];

/** How far the migration is, how fast, and how long it may still take. */
export function progressOf(state: MigrationState, seen: Observations, now: Instant): Progress {
  const windows = [...state.windows.values()].filter((window) => window.state !== 'split');
  const windowsDone = windows.filter((window) => window.state === 'done' || window.state === 'empty').length;
  let exported = 0;
  let imported = 0;
  let arrived = 0;
  for (const window of windows) {
    const totals = windowTotals(window);
    exported += totals.exported;
    imported += totals.imported;
    arrived += totals.imported + totals.alreadyThere;
  }
  const loading = loadingNow(state, seen);
  imported += loading;
  arrived += loading;
  const expected = expectedOf(state, windows);
  const rateNow = recentRate(state, arrived, state.endedAt ?? now);
  const rateAverage = averageRate(state, arrived, now);
  return {
    windowsDone,
    windowsKnown: windows.length,
    exported,
    imported,
    expected,
    rateNow: state.endedAt === undefined ? rateNow : undefined,
    rateAverage,
    ...remaining(state, windows, { windowsDone, arrived, expected, rateAverage }, now),
  };
}

/** What running imports have loaded so far, as their partial results say. */
function loadingNow(state: MigrationState, seen: Observations): number {
  let loading = 0;
  for (const operation of state.imports.values()) {
    if (operation.state !== 'running') continue;
    loading += Math.min(operation.resources, seen.polls.get(operation.id)?.resources ?? 0);
  }
  return loading;
}

/** A manifest's number stands in for a count's as soon as it has come. */
function expectedOf(state: MigrationState, windows: readonly Window[]): number | undefined {
  if (state.rounds.length === 0 || state.rounds.some((round) => !round.planned)) return undefined;
  let sum = 0;
  for (const window of windows) {
    const resources = window.exported === undefined ? window.expected : windowTotals(window).exported;
    if (resources === undefined) return undefined;
    sum += resources;
  }
  return sum;
}

/** Resources per second over the last ten minutes; undefined while nothing has arrived in them. */
function recentRate(state: MigrationState, arrived: number, now: Instant): number | undefined {
  const from = Math.max(now - recently, state.startedAt ?? now);
  const before = state.throughput.findLast((point) => point.at <= from)?.imported ?? 0;
  if (now <= from || arrived <= before) return undefined;
  return ((arrived - before) * 1_000) / (now - from);
}

function averageRate(state: MigrationState, arrived: number, now: Instant): number | undefined {
  const elapsed = (state.endedAt ?? now) - (state.startedAt ?? now);
  return elapsed > 0 && arrived > 0 ? (arrived * 1_000) / elapsed : undefined;
}

interface Known {
  readonly windowsDone: number;
  readonly arrived: number;
  readonly expected: number | undefined;
  readonly rateAverage: number | undefined;
}

function remaining(
  state: MigrationState,
  windows: readonly Window[],
  known: Known,
  now: Instant,
): Pick<Progress, 'remainingMs' | 'remainingBasis'> {
  const none = (remainingBasis: string): Pick<Progress, 'remainingMs' | 'remainingBasis'> => ({
    remainingMs: undefined,
    remainingBasis,
  });
  if (state.run !== 'running') return none('The migration is not running.');
  if (state.rounds.length === 0) return none('Nothing is planned yet.');
  if (state.rounds.some((round) => !round.planned)) {
    return none(
      state.rounds.some((round) => round.blind)
        ? 'The source cannot be counted, and the search for its first resource is still going on.'
        : 'Windows are still being planned.',
    );
  }
  if (known.expected !== undefined && known.rateAverage !== undefined) {
    const left = Math.max(0, known.expected - known.arrived);
    return {
      remainingMs: Math.round((left * 1_000) / known.rateAverage),
      remainingBasis: `${left.toLocaleString('en')} resources left at the average of ${Math.round(known.rateAverage).toLocaleString('en')} per second so far.`,
    };
  }
  if (known.windowsDone === 0 || state.startedAt === undefined) return none('No window is done yet.');
  const left = windows.length - known.windowsDone;
  return {
    remainingMs: Math.round(((now - state.startedAt) / known.windowsDone) * left),
    remainingBasis: `${left} windows left at the average time of a window so far.`,
  };
}
