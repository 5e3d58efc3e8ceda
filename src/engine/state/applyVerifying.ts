import type { EventOf } from '../events.ts';
import { changeWindow, type Draft } from './draft.ts';

/** Runs and treatments that a state remembers; the journal keeps all. */
const kept = 50;

/** Counts of an export that was done anew in the meantime say nothing any more. */
export function applyWindowVerified(draft: Draft, event: EventOf<'windowVerified'>): void {
  changeWindow(draft, event.window, ({ verified, exported }) => {
    if (exported?.operation !== event.operation) return {};
    const checks = (verified?.checks ?? 0) + 1;
    return { verified: { at: event.at, outcome: event.outcome, types: event.types, checks } };
  });
}

export function applyVerificationRecorded(draft: Draft, event: EventOf<'verificationRecorded'>): void {
  draft.verifications = [...draft.verifications, event.verification].slice(-kept);
}

export function applyDifferencesTreated(draft: Draft, event: EventOf<'differencesTreated'>): void {
  const { at, treatment, classes, because, keys = [] } = event;
  draft.treated = [...draft.treated, { at, treatment, classes, because }].slice(-kept);
  if (treatment !== 'accepted' && treatment !== 'withdrawn') return;
  const accepted = new Map(draft.accepted);
  for (const key of keys) {
    if (treatment === 'accepted') accepted.set(key, because ?? '');
    else accepted.delete(key);
  }
  draft.accepted = accepted;
}
