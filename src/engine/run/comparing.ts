import pLimit from 'p-limit';
import { toFailure, type Failure } from '../../failure/failure.ts';
import { differingTypes } from '../decide/decide.ts';
import type { WindowId } from '../ids.ts';
import type { CountingPort, CountQuery } from '../ports.ts';
import type { Window } from '../state/state.ts';
import { scopeSince, scopeTill } from '../windows/semantics.ts';
import type { RunContext } from './context.ts';

/** Counts asked at once of each service. */
const countsAtOnce = 4;

/** Counts every migrated type on both services. A count that is not answered is left out; none ever counts as zero. */
export async function compareCounts(context: RunContext, signal: AbortSignal): Promise<void> {
  const { plan, windows, source } = context.state();
  const types = new Set<string>();
  for (const window of windows.values()) for (const part of window.parts) types.add(part.type);
  const since = scopeSince(plan);
  const till = scopeTill(plan);
  const range = { ...(since === undefined ? {} : { since }), ...(till === undefined ? {} : { till }) };
  let failure: Failure | undefined;
  const limit = pLimit(countsAtOnce);
  const ask = async (port: CountingPort, type: string): Promise<number | undefined> => {
    // One refusal stands for all: asking on would only burden the service.
    if (failure !== undefined) return undefined;
    try {
      const query: CountQuery = { of: 'current', type, ...range };
      return await port.count(query, signal);
    } catch (error) {
      if (toFailure(error).kind === 'cancelled') throw error;
      failure ??= toFailure(error);
      return undefined;
    }
  };
  const counted = await Promise.all(
    [...types].sort().map((type) =>
      limit(async () => {
        const onSource = source?.counts === true ? await ask(context.source, type) : undefined;
        return [type, { source: onSource, target: await ask(context.target, type) }] as const;
      }),
    ),
  );
  await context.record({
    kind: 'countsCompared',
    at: context.clock.now(),
    types: Object.fromEntries(counted),
    failure,
  });
}

/**
 * Finds the windows of whose range the services hold different numbers, of the types that the final counts differ in.
 * Import keeps `lastUpdated`, so that equal ranges hold equal counts on both.
 */
export async function locateDifferences(context: RunContext, signal: AbortSignal): Promise<void> {
  const state = context.state();
  const types = differingTypes(state);
  const limit = pLimit(countsAtOnce);
  const found: WindowId[] = [];
  const isDifferent = async (window: Window): Promise<boolean> => {
    for (const type of types) {
      const { since, till } = window;
      const query: CountQuery = { of: 'current', type, till, ...(since === undefined ? {} : { since }) };
      const onSource = await context.source.count(query, signal);
      if ((await context.target.count(query, signal)) !== onSource) return true;
    }
    return false;
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
