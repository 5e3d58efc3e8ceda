import type { MigrationOverview } from '../../engine/overview.ts';
import { FailureError } from '../../failure/failure.ts';
import { ledger } from '../../verify/ledger.ts';
import type { Verification } from './verification.ts';

/**
 * Balances manifests against import results from the journal alone, without any request.
 * @throws FailureError `invalidInput` without a migration
 */
export function ledgerVerification(
  proved: MigrationOverview | undefined,
  startedAt: number,
  now: () => number,
): Verification {
  if (proved === undefined)
    throw new FailureError({
      kind: 'invalidInput',
      message: 'Only a migration has a ledger: there is none for these two services in this journal folder.',
      nextStep: 'Choose the depth range or content.',
    });
  const lines = ledger(proved.totals);
  const open = proved.windows.filter(({ state }) => state !== 'done' && state !== 'empty' && state !== 'split').length;
  const balanced = lines.every((line) => line.balanced);
  return {
    outcome: !balanced ? 'different' : open > 0 ? 'incomplete' : 'equal',
    depth: 'ledger',
    sourceName: proved.plan.source.name,
    targetName: proved.plan.target.name,
    truth: 'journal',
    since: undefined,
    till: proved.watermark,
    startedAt,
    endedAt: now(),
    types: lines.map(({ type, exported, arrived, unaccounted }) => ({
      type,
      source: exported,
      target: arrived,
      equal: arrived,
      unread: unaccounted,
      recovered: 0,
      changedLater: 0,
    })),
    differences: [],
    truncated: false,
    openRanges: [],
    sample: undefined,
    notes: [
      'The ledger compares exported lines with what imports say became of them; it asks neither service.',
      ...lines
        .filter(({ failed }) => failed > 0)
        .map(({ type, failed }) => `${type}: ${failed.toLocaleString('en')} lines were refused by the import.`),
      ...(open > 0 ? [`${open} windows are not done yet.`] : []),
    ],
  };
}
