import type { Plan } from '../plan.ts';
import { opening } from '../calendar/calendar.ts';
import type { Instant } from '../ports.ts';
import { isParallel } from '../windows/semantics.ts';
import { costOf } from './cost.ts';
import { combine, type Estimate, exactly, scaled, whole } from './estimate.ts';
import type { Pattern, Prediction, PredictionInput, Variant } from './prediction.ts';
import { forParallel, type Rates } from './rates.ts';
import { type Experience, noExperience, always, type OpenFrom, type Pace, schedule } from './schedule.ts';

type Case = keyof Estimate;
const cases = ['least', 'likely', 'most'] as const;

/** A slow service makes the most of a duration, so that its least rates belong to it. */
const rateFor: Readonly<Record<Case, Case>> = { least: 'most', likely: 'likely', most: 'least' };

/**
 * Request units for reading one KB: a point read costs one, what an export's queries cost beside it is not published
 * (Microsoft Learn, cosmos-db: request-units).
 */
const unitsPerKilobyte: Estimate = { least: 1, likely: 2, most: 5 };

/** Rounds after which their length is taken as settled. */
const mostSteps = 8;

/** More windows than this are joined for the computation: it would take long and change nothing. */
const mostComputed = 2_000;

/** What each way of carrying out a plan takes: windows, time, write freeze, staging, and what is billed. Pure. */
export function predict(input: PredictionInput): Prediction {
  const variants = (['incremental', 'liftAndShift'] as const).flatMap((pattern) =>
    [false, true].flatMap((history) =>
      [true, false].map((parallel) => predictVariant(input, pattern, history, parallel)),
    ),
  );
  return {
    variants: variants.sort((a, b) => Number(b.planned) - Number(a.planned)),
    leftOut: input.leftOut,
    basis: [...input.basis, ...input.rates.basis],
  };
}

function predictVariant(input: PredictionInput, pattern: Pattern, history: boolean, parallel: boolean): Variant {
  const { plan, throughput } = input;
  const rates = forParallel(input.rates, parallel);
  const imported = movedOf(input, history);
  const windows = imported === undefined ? undefined : sizesOf(input, imported);
  const times = windows === undefined ? undefined : timesOf(input, rates, windows, pattern);
  const stagingBytes = imported && combine(imported, rates.bytesPerResource, (count, bytes) => count * bytes);
  const durationMs = times?.durationMs;
  const isGen1 = plan.source.kind === 'azureApiForFhir';
  const figures = {
    stagingBytes: stagingBytes && whole(stagingBytes),
    imported: imported && whole(imported),
    throughputHours:
      isGen1 && throughput !== undefined && durationMs !== undefined
        ? scaled(durationMs, throughput / 100 / 3_600_000)
        : undefined,
  };
  return {
    pattern,
    history,
    parallel,
    planned: history === plan.scope.history && parallel === isParallel(plan),
    windows: windows && whole(countsOf(windows)),
    durationMs,
    freezeMs: times?.freezeMs,
    ...figures,
    requestUnits:
      isGen1 && stagingBytes !== undefined
        ? whole(combine(stagingBytes, unitsPerKilobyte, (bytes, units) => (bytes / 1_000) * units))
        : undefined,
    cost: plan.prices && costOf(plan.prices, figures, durationMs),
  };
}

/** Lines that move: current resources, or every version; soft-deleted ones lie in between. */
function movedOf({ plan, current, versions }: PredictionInput, history: boolean): Estimate | undefined {
  if (history) return versions ?? (current && { ...current, most: current.most * 3 });
  if (current === undefined) return versions && { ...versions, least: versions.least / 3 };
  if (!plan.scope.softDeleted || versions === undefined) return current;
  return { ...current, most: Math.max(current.most, versions.most) };
}

interface Sizes {
  readonly least: readonly number[];
  readonly likely: readonly number[];
  readonly most: readonly number[];
}

/** Resources of each window, for each case. */
function sizesOf({ plan, windows, current, versions }: PredictionInput, moved: Estimate): Sizes {
  const { windowResources } = plan.limits;
  const cut = (total: number): readonly number[] => {
    const sum = windows?.reduce((all, each) => all + each, 0) ?? 0;
    const known = windows !== undefined && sum > 0 ? windows.map((each) => (each / sum) * total) : [total];
    return known.flatMap((size) => {
      const parts = Math.min(mostComputed, Math.max(1, Math.ceil(size / windowResources)));
      return Array.from({ length: parts }, () => size / parts);
    });
  };
  const empty = (current ?? versions)?.likely === 0;
  const of = (total: number): readonly number[] => (empty || total <= 0 ? [] : cut(total));
  return { least: of(moved.least), likely: of(moved.likely), most: of(moved.most) };
}

const countsOf = (sizes: Sizes): Estimate => ({
  least: sizes.least.length,
  likely: sizes.likely.length,
  most: sizes.most.length,
});

function timesOf(
  { plan, now, changesPerHour }: PredictionInput,
  rates: Rates,
  sizes: Sizes,
  pattern: Pattern,
): Pick<Variant, 'durationMs' | 'freezeMs'> {
  const each = (of: (at: Case) => number | undefined): Estimate | undefined => {
    const [least, likely, most] = cases.map(of);
    return least === undefined || likely === undefined || most === undefined
      ? undefined
      : { least, likely: Math.max(least, likely), most: Math.max(least, likely, most) };
  };
  const openFrom = openFromOf(plan, now);
  if (pattern === 'liftAndShift') {
    const durationMs = each((at) => pass(sizes[at], paceAt(rates, at), plan.limits, noExperience, openFrom).importedMs);
    return { durationMs, freezeMs: durationMs };
  }
  const perMs = (changesPerHour ?? 0) / 3_600_000;
  const of = (at: Case) => follow(sizes[at], paceAt(rates, at), plan, perMs, openFrom);
  const followed = { least: of('least'), likely: of('likely'), most: of('most') };
  return {
    durationMs: each((at) => followed[at].durationMs),
    freezeMs: changesPerHour === undefined ? undefined : each((at) => followed[at].freezeMs?.[at]),
  };
}

/** The backlog, then one round of what was written meanwhile; a freeze waits for the round that runs and makes the last. */
function follow(
  sizes: readonly number[],
  pace: Pace,
  { limits, options }: Plan,
  changesPerMs: number,
  openFrom: OpenFrom,
): { readonly durationMs: number; readonly freezeMs: Estimate | undefined } {
  const backlog = pass(sizes, pace, limits, noExperience, openFrom);
  const overlap = options.overlapSeconds * 1_000;
  const round = (sinceMs: number): number =>
    changesPerMs === 0 ? 0 : pass([changesPerMs * (sinceMs + overlap)], pace, limits, backlog.experience).importedMs;
  const first = round(backlog.exportedMs + options.safetyLagSeconds * 1_000);
  const durationMs = Math.max(backlog.importedMs, backlog.exportedMs + first);
  // Changes that come about as fast as they are copied leave no end to the rounds.
  const copied = changesPerMs * (1_000 / pace.exportPerSecond + 1_000 / pace.importPerSecond);
  if (copied > 0.95) return { durationMs, freezeMs: undefined };
  // Each round takes what was written during the one before, until they are of one length.
  let last = first;
  for (let step = 0; step < mostSteps; step += 1) last = round(last);
  // Whoever freezes when the first round is about to end waits for it and for a longer one than later ones are.
  return {
    durationMs,
    freezeMs: { least: round(0), likely: last * 1.5, most: Math.max(last * 2, first / 2 + round(first)) },
  };
}

function pass(
  sizes: readonly number[],
  pace: Pace,
  limits: Plan['limits'],
  before: Experience = noExperience,
  openFrom: OpenFrom = always,
) {
  if (sizes.length <= mostComputed) return schedule(sizes, pace, limits, before, openFrom);
  const perGroup = Math.ceil(sizes.length / mostComputed);
  const groups: number[] = [];
  for (let from = 0; from < sizes.length; from += perGroup)
    groups.push(sizes.slice(from, from + perGroup).reduce((sum, each) => sum + each, 0));
  // The fixed time of each window that was joined is kept.
  return schedule(groups, { ...pace, exportFixedMs: pace.exportFixedMs * perGroup }, limits, before, openFrom);
}

/** The plan's calendar, counted from the start; the last window of a freeze is taken whatever it says. */
function openFromOf({ calendar }: Plan, now: Instant): OpenFrom {
  if (calendar === undefined) return always;
  return (kind, at) => {
    const { open, until } = opening(calendar, kind === 'export' ? 'exports' : 'imports', now + at);
    return open || until === undefined ? at : until - now;
  };
}

const paceAt = (rates: Rates, at: Case): Pace => ({
  exportFixedMs: rates.export.fixedMs[at],
  exportPerSecond: rates.export.perSecond[rateFor[at]],
  importFixedMs: rates.import.fixedMs[at],
  importPerSecond: rates.import.perSecond[rateFor[at]],
});

/** A count that is known to be right. */
export const counted = (count: number | undefined): Estimate | undefined =>
  count === undefined ? undefined : exactly(count);
