import type { Instant } from '../ports.ts';
import type { MigrationState } from '../state/state.ts';
import { isSnapshot } from '../windows/semantics.ts';

/**
 * Every change before this instant is on the target. Undefined while a version may be missing from its window because
 * the source's exports show only the present.
 */
export function watermarkOf(state: MigrationState): Instant | undefined {
  if (state.source === undefined) return undefined;
  // Where an export shows only the present, a version may be missing from its window until a later one is taken.
  const mayHide = !state.source.deprecated && !isSnapshot(state.plan) && !state.plan.scope.history;
  return mayHide && state.quiet?.changes !== 0 ? undefined : copiedUntil(state);
}

/**
 * Every window up to this instant is on the target, by the source's clock. Passes nothing that is not accounted for: the
 * earliest beginning of a window that is not done, or of what is not planned yet.
 */
export function copiedUntil(state: MigrationState): Instant | undefined {
  const last = state.rounds.at(-1);
  if (last === undefined || state.source === undefined) return undefined;
  let watermark: Instant | undefined = last.till;
  for (const window of state.windows.values()) {
    if (window.state === 'done' || window.state === 'empty' || window.state === 'split') continue;
    if (window.since === undefined) return undefined;
    // What a window takes once more of its predecessor, for late commits, is on the target already.
    const before = state.rounds.find(({ number }) => number === window.round - 1)?.till ?? window.since;
    watermark = Math.min(watermark, Math.min(window.till, Math.max(window.since, before)));
  }
  for (const round of state.rounds) {
    if (round.planned) continue;
    const from = round.blind ? round.floor : round.cursor;
    if (from === undefined) return undefined;
    const before = state.rounds.find(({ number }) => number === round.number - 1)?.till ?? from;
    watermark = Math.min(watermark, Math.min(round.till, Math.max(from, before)));
  }
  return watermark;
}
