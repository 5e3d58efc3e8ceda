import type { Instant } from '../ports.ts';
import type { MigrationState } from '../state/state.ts';
import type { VerificationProgress } from '../verified.ts';
import { copiedUntil } from './watermark.ts';

/** Where verification stands beside the copy: what is copied, held back by what is not counted alike yet. */
export function verificationOf(state: MigrationState, now: Instant): VerificationProgress {
  const counts = state.source?.counts === true;
  const windows = [...state.windows.values()].filter(({ state: step }) => step === 'done' || step === 'empty');
  const open = counts ? windows.filter(({ verified }) => !isVerified(verified?.outcome)) : [];
  const until = open.reduce<Instant | undefined>((reached, { since, round }) => {
    if (reached === undefined || since === undefined) return undefined;
    // What a window takes once more of its predecessor was counted there.
    const before = state.rounds.find(({ number }) => number === round - 1)?.till ?? since;
    return Math.min(reached, Math.max(since, before));
  }, copiedUntil(state));
  const seenAt = state.run === 'complete' || state.run === 'cancelled' ? (state.endedAt ?? now) : now;
  return {
    until,
    lagMs: until === undefined ? undefined : Math.max(0, seenAt - (until - (state.source?.clockOffset ?? 0))),
    by: counts ? 'counts' : 'ledger',
    windowsVerified: windows.length - open.length,
    windowsDifferent: open.filter(({ verified }) => verified?.outcome === 'different').length,
    runs: state.verifications,
    treated: state.treated,
    accepted: Object.fromEntries(state.accepted),
  };
}

const isVerified = (outcome: 'equal' | 'different' | 'uncounted' | undefined): boolean =>
  outcome === 'equal' || outcome === 'uncounted';
