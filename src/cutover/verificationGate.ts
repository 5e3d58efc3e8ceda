import type { MigrationOverview } from '../engine/overview.ts';
import type { Instant } from '../engine/ports.ts';
import type { VerificationRecord } from '../engine/verified.ts';
import { amount, depthName, instant } from '../report/words.ts';
import type { Judged } from './driftGate.ts';

/** What verifications say. Counts window by window are no proof of the whole: they only can speak against it. */
export function verificationGate({ verification }: MigrationOverview): Judged {
  if (verification.windowsDifferent > 0)
    return {
      state: 'open',
      evidence: `${amount(verification.windowsDifferent)} windows are counted differently on both services.`,
    };
  const last = verification.runs.at(-1);
  return last === undefined ? { state: 'open', evidence: 'Nobody verified both services as a whole.' } : judged(last);
}

/** The last word after an instant; open while there is none. */
export function verificationSince(
  { verification }: MigrationOverview,
  since: Instant,
): Judged & { readonly at: Instant | undefined } {
  const last = verification.runs.findLast((run) => run.startedAt >= since);
  return last === undefined
    ? { state: 'open', evidence: `Nobody verified since ${instant(since)}.`, at: undefined }
    : { ...judged(last), at: last.endedAt };
}

function judged(run: VerificationRecord): Judged {
  const words = `Verified by ${depthName(run)} at ${instant(run.endedAt)}`;
  switch (run.outcome) {
    case 'equal':
      return run.depth === 'ledger'
        ? { state: 'unknown', evidence: `${words}: the ledger is balanced, but neither service was asked.` }
        : {
            state: 'passed',
            evidence: `${words}: equal${run.accepted > 0 ? `, ${amount(run.accepted)} differences accepted` : ''}.`,
          };
    case 'different':
      return { state: 'open', evidence: `${words}: different.` };
    case 'incomplete':
      return { state: 'unknown', evidence: `${words}: not everything could be compared.` };
  }
}
