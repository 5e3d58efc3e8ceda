import type { Instant } from '../ports.ts';
import type { MigrationState } from '../state/state.ts';
import { isSnapshot } from '../windows/semantics.ts';

/**
 * Every change before this instant is on the target. Passes nothing that is not accounted for: the earliest beginning
 * of a window that is not done, or of what is not planned yet.
 */
export function watermarkOf(state: MigrationState): Instant | undefined {
  const last = state.rounds.at(-1);
  if (last === undefined || state.source === undefined) return undefined;
  let watermark: Instant | undefined = last.till;
  for (const window of state.windows.values()) {
    if (window.state === 'done' || window.state === 'empty' || window.state === 'split') continue;
    if (window.since === undefined) return undefined;
    watermark = Math.min(watermark, window.since);
  }
  for (const round of state.rounds) {
    if (round.planned) continue;
    const from = round.blind ? round.floor : round.cursor;
    if (from === undefined) return undefined;
    watermark = Math.min(watermark, from);
  }
  // Where an export shows only the present, a version may be missing from its window until a later one is taken.
  const mayHide = !state.source.deprecated && !isSnapshot(state.plan) && !state.plan.scope.history;
  return mayHide && state.quiet?.changes !== 0 ? undefined : watermark;
}
