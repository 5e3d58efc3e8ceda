import pLimit from 'p-limit';
import { toFailure, type Failure } from '../../failure/failure.ts';
import { differingTypes } from '../decide/decide.ts';
import type { WindowId } from '../ids.ts';
import type { CountingPort, CountQuery } from '../ports.ts';
import type { Window } from '../state/state.ts';
import { scopeSince, scopeTill } from '../windows/semantics.ts';
import type { RunContext } from './context.ts';

/** Windows looked at at once. */
const windowsAtOnce = 4;
/** Entries that a batch bundle takes (BundleConfiguration). */
const mostInBatch = 500;

type Range = Pick<CountQuery, 'since' | 'till'>;

/** Counts every migrated type on both services. A count that is not answered is left out; none ever counts as zero. */
export async function compareCounts(context: RunContext, signal: AbortSignal): Promise<void> {
  const { plan, windows, source } = context.state();
  const types = new Set<string>();
  for (const window of windows.values()) for (const part of window.parts) types.add(part.type);
  // What a filter holds back is rightly missing on the target.
  for (const filter of plan.scope.typeFilters ?? []) types.delete(filter.slice(0, filter.indexOf('?')));
  const sorted = [...types].sort();
  const since = scopeSince(plan);
  const till = scopeTill(plan);
  const range = { ...(since === undefined ? {} : { since }), ...(till === undefined ? {} : { till }) };
  let failure: Failure | undefined;
  const ask = async (port: CountingPort): Promise<ReadonlyMap<string, number>> => {
    try {
      const counted = await countAll(port, sorted, range, signal);
      if (counted.size < sorted.length) failure ??= leftOut;
      return counted;
    } catch (error) {
      if (toFailure(error).kind === 'cancelled') throw error;
      failure ??= toFailure(error);
      return new Map();
    }
  };
  const [onSource, onTarget] = await Promise.all([
    source?.counts === true ? ask(context.source) : new Map<string, number>(),
    ask(context.target),
  ]);
  await context.record({
    kind: 'countsCompared',
    at: context.clock.now(),
    types: Object.fromEntries(
      sorted.map((type) => [type, { source: onSource.get(type), target: onTarget.get(type) }] as const),
    ),
    failure,
  });
}

const leftOut: Failure = { kind: 'unexpectedAnswer', message: 'Some types could not be counted.' };

/** Counts of many types in as few requests as the services take. */
async function countAll(
  port: CountingPort,
  types: readonly string[],
  range: Range,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const counted = new Map<string, number>();
  for (let from = 0; from < types.length; from += mostInBatch) {
    const batch = await port.countTypes(types.slice(from, from + mostInBatch), range, signal);
    for (const [type, count] of batch) counted.set(type, count);
  }
  return counted;
}

/**
 * Finds the windows of whose range the services hold different numbers, of the types that the final counts differ in.
 * Import keeps `lastUpdated`, so that equal ranges hold equal counts on both.
 */
export async function locateDifferences(context: RunContext, signal: AbortSignal): Promise<void> {
  const state = context.state();
  const differing = differingTypes(state);
  const limit = pLimit(windowsAtOnce);
  const found: WindowId[] = [];
  const isDifferent = async ({ since, till, type: only }: Window): Promise<boolean> => {
    const types = only === undefined ? differing : differing.filter((type) => type === only);
    const range = { till, ...(since === undefined ? {} : { since }) };
    const onSource = await countAll(context.source, types, range, signal);
    const onTarget = await countAll(context.target, types, range, signal);
    // What one service did not tell proves no difference.
    return [...onSource].some(([type, count]) => onTarget.has(type) && onTarget.get(type) !== count);
  };
  const searched = [...state.windows.values()].filter(({ state: step }) => step === 'done' || step === 'empty');
  await Promise.all(
    searched.map((window) =>
      limit(async () => {
        if (await isDifferent(window)) found.push(window.id);
      }),
    ),
  );
  await context.record({ kind: 'differencesLocated', at: context.clock.now(), windows: found.sort() });
}
