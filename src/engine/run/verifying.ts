import type { Failure } from '../../failure/failure.ts';
import type { WindowId } from '../ids.ts';
import type { MigrationState } from '../state/state.ts';
import type { RunContext } from './context.ts';

/**
 * Counts every migrated type in a window on both services. Import keeps `lastUpdated`, so that equal ranges hold equal
 * counts on both, as long as nobody changed the source since.
 */
export async function verifyWindow(context: RunContext, id: WindowId, signal: AbortSignal): Promise<void> {
  const state = context.state();
  const window = state.windows.get(id);
  if (window === undefined) return;
  const types = window.type === undefined ? typesOf(state) : [window.type];
  const { since, till } = window;
  const range = { till, ...(since === undefined ? {} : { since }) };
  const [source, target] =
    types.length === 0
      ? [new Map<string, number>(), new Map<string, number>()]
      : await Promise.all([
          context.source.countTypes(types, range, signal),
          context.target.countTypes(types, range, signal),
        ]);
  const unknown = types.filter((type) => source.get(type) === undefined || target.get(type) === undefined);
  const different = types.filter((type) => !unknown.includes(type) && source.get(type) !== target.get(type));
  await context.record({
    kind: 'windowVerified',
    at: context.clock.now(),
    window: id,
    operation: window.exported?.operation,
    outcome: different.length > 0 ? 'different' : unknown.length > 0 ? 'uncounted' : 'equal',
    types: different.length > 0 ? different : unknown,
  });
}

/** The counts of a window are not to be had: its ledger alone stands for it. */
export async function windowUncounted(context: RunContext, id: WindowId, failure: Failure): Promise<void> {
  const operation = context.state().windows.get(id)?.exported?.operation;
  const at = context.clock.now();
  await context.record({ kind: 'windowVerified', at, window: id, operation, outcome: 'uncounted', types: [], failure });
}

/** Types of the plan, or those that were seen so far. Search parameters are written, so that they keep no date. */
function typesOf({ plan, windows }: MigrationState): readonly string[] {
  const seen = new Set(plan.scope.resourceTypes);
  if (plan.scope.resourceTypes === undefined)
    for (const { parts } of windows.values()) for (const { type } of parts) seen.add(type);
  seen.delete('SearchParameter');
  // What a filter holds back is rightly missing on the target.
  for (const filter of plan.scope.typeFilters ?? []) seen.delete(filter.slice(0, filter.indexOf('?')));
  return [...seen].sort();
}
