import type { Instant } from '../ports.ts';
import type { MigrationState } from '../state/state.ts';
import type { VerificationProgress } from '../verified.ts';
import { watermarkOf } from './watermark.ts';

/** Where verification stands beside the copy: the watermark, held back by what is not counted alike yet. */
export function verificationOf(state: MigrationState): VerificationProgress {
  const counts = state.source?.counts === true;
  const windows = [...state.windows.values()].filter(({ state: step }) => step === 'done' || step === 'empty');
  const open = counts ? windows.filter(({ verified }) => !isVerified(verified?.outcome)) : [];
  return {
    until: open.reduce<Instant | undefined>(
      (until, { since }) => (until === undefined || since === undefined ? undefined : Math.min(until, since)),
      watermarkOf(state),
    ),
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
