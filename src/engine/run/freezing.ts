import { toFailure, type Failure } from '../../failure/failure.ts';
import { isOutage } from '../state/budget.ts';
import type { JournalEvent } from '../events.ts';
import type { Instant } from '../ports.ts';
import { isFinishing, type FreezeProof } from '../sync/finish.ts';
import { countOf } from '../windows/semantics.ts';
import type { RunContext } from './context.ts';

/** The newest `meta.lastUpdated` of what the plan moves; undefined when the source holds nothing or does not tell. */
export async function newestOrUnknown(context: RunContext, signal: AbortSignal): Promise<Instant | undefined> {
  const { plan, source } = context.state();
  if (source?.counts !== true) return undefined;
  try {
    return await context.source.newest(countOf(plan), plan.scope.resourceTypes, signal);
  } catch (error) {
    const failure = toFailure(error);
    if (isOutage(failure) || failure.kind === 'cancelled' || failure.kind === 'notSignedIn') throw error;
    context.log.warn('The newest change of the source was not told', { kind: failure.kind });
    return undefined;
  }
}

/** Journals what was changed since a round, and with a last window whether the source was frozen. */
export async function recordQuiet(
  context: RunContext,
  round: number,
  changes: number,
  signal: AbortSignal,
): Promise<void> {
  const { finish } = context.state();
  if (!isFinishing(finish)) {
    await context.record({ kind: 'quietChecked', at: context.clock.now(), round, changes });
    return;
  }
  const newestAfter = await newestOrUnknown(context, signal);
  const isNewer = newestAfter !== undefined && newestAfter > (finish.newestBefore ?? Number.NEGATIVE_INFINITY);
  const isWritten = changes > 0 || isNewer;
  await context.record(
    { kind: 'quietChecked', at: context.clock.now(), round, changes },
    freezeChecked(context, { round, outcome: isWritten ? 'written' : 'frozen', by: 'search', newestAfter, changes }),
  );
}

/** Nobody could count whether the source was written to. */
export async function recordQuietUnknown(context: RunContext, round: number, failure: Failure): Promise<void> {
  const unproven: JournalEvent[] = isFinishing(context.state().finish)
    ? [freezeChecked(context, { round, outcome: 'unproven', by: 'none', failure })]
    : [];
  await context.record({ kind: 'quietChecked', at: context.clock.now(), round, failure }, ...unproven);
}

function freezeChecked(context: RunContext, proof: FreezeProof): JournalEvent {
  return { kind: 'freezeChecked', at: context.clock.now(), ...proof };
}
