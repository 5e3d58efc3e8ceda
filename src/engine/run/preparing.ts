import { isTransient, toFailure } from '../../failure/failure.ts';
import type { EventOf } from '../events.ts';
import type { WindowId } from '../ids.ts';
import { countOf } from '../windows/semantics.ts';
import { isHalting, type RunContext } from './context.ts';
import { windowManifest } from './windowManifest.ts';

/** Learns what the services answer and how their clocks go. */
export async function probe(context: RunContext, signal: AbortSignal, lastTry: boolean): Promise<void> {
  const { plan } = context.state();
  const serverTime = await context.source.serverTime(signal);
  const at = context.clock.now();
  const targetTime = await context.target.serverTime(signal);
  const targetAt = context.clock.now();
  const targetEmpty = await isTargetEmpty(context, signal);
  const found = await searchAnswer(context, signal, lastTry);
  await context.record({
    kind: 'sourceProbed',
    at,
    serverTime,
    targetTime: targetTime - (targetAt - at),
    ...found,
    targetEmpty,
  });
  context.log.info('Source probed', { source: plan.source.name, counts: found.counts, deprecated: found.deprecated });
}

/** Undefined when the target does not answer counts: nothing is then concluded from what it holds too much. */
async function isTargetEmpty(context: RunContext, signal: AbortSignal): Promise<boolean | undefined> {
  try {
    return (await context.target.count({ of: 'versions' }, signal)) === 0;
  } catch (error) {
    const { kind } = toFailure(error);
    if (kind === 'cancelled' || kind === 'notSignedIn' || kind === 'locked') throw error;
    return undefined;
  }
}

type SearchAnswer = Pick<EventOf<'sourceProbed'>, 'counts' | 'deprecated' | 'earliest' | 'empty' | 'failure'>;

async function searchAnswer(context: RunContext, signal: AbortSignal, lastTry: boolean): Promise<SearchAnswer> {
  try {
    const earliest = await context.source.earliest(countOf(context.state().plan), signal);
    return { counts: true, deprecated: false, earliest, empty: earliest === undefined };
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'retired') return { counts: false, deprecated: true, empty: false, failure };
    const mayPass = isTransient(failure) && !lastTry;
    if (failure.kind === 'cancelled' || mayPass || (isHalting(failure) && failure.kind !== 'forbidden')) throw error;
    // Counts are an aid, never a need: without them windows are found by exporting.
    return { counts: false, deprecated: false, empty: false, failure };
  }
}

/** Copies custom search parameters from the source to the target. */
export async function copySearchParameters(context: RunContext, signal: AbortSignal): Promise<void> {
  const parameters = await context.source.searchParameters(signal);
  const outcomes = parameters.length === 0 ? [] : await context.target.copySearchParameters(parameters, signal);
  await context.record({ kind: 'searchParametersCopied', at: context.clock.now(), outcomes });
}

/** Copies search parameters that a window's export wrote to the staging account. */
export async function copyStagedSearchParameters(
  context: RunContext,
  id: WindowId,
  signal: AbortSignal,
): Promise<void> {
  const exported = context.state().windows.get(id)?.exported;
  if (exported === undefined) return;
  const { setAside } = await windowManifest(context, exported);
  const parameters = await context.staging.searchParameters(setAside, signal);
  const known = context.state().searchParameters.outcomes;
  const unknown = parameters.filter((parameter) => {
    const outcome = known.get(parameter.url)?.outcome;
    return outcome === undefined || outcome === 'failed';
  });
  const outcomes = unknown.length === 0 ? [] : await context.target.copySearchParameters(unknown, signal);
  await context.record({ kind: 'searchParametersCopied', at: context.clock.now(), window: id, outcomes });
}
