import { sumTotals } from '../engine/totals.ts';
import type { Report } from './report.ts';
import { amount } from './words.ts';

/** How the migration stands, in one sentence; good only where nothing speaks against it and a verification speaks for it. */
export function verdictOf(report: Report): { readonly verdict: string; readonly good: boolean } {
  const { failed, unaccounted, imported, alreadyThere } = sumTotals(report.totals);
  const { runs } = report.verification;
  const last = runs.at(-1);
  const signed = report.cutover?.signedOff !== undefined;
  const problems = [
    ...(failed + unaccounted > 0 ? [`${amount(failed + unaccounted)} lines are not on the target`] : []),
    ...(last?.outcome === 'different' ? ['the last verification found differences'] : []),
    ...(report.attention.length > 0 ? [`${amount(report.attention.length)} points need attention`] : []),
    ...(report.phase === 'cancelled' ? ['it was cancelled'] : []),
  ];
  if (problems.length > 0) return { verdict: `Not finished: ${problems.join(', ')}.`, good: false };
  const moved = `${amount(imported + alreadyThere)} resources are on the target, every exported line is accounted for`;
  if (report.phase !== 'complete') return { verdict: `Under way: ${moved}.`, good: false };
  if (last === undefined)
    return { verdict: `Complete, not verified: ${moved}; nobody compared the services afterwards.`, good: false };
  if (last.outcome !== 'equal')
    return {
      verdict: `Complete, not proved: ${moved}; the last verification could not compare everything.`,
      good: false,
    };
  return { verdict: `${signed ? 'Complete and signed off' : 'Complete and verified'}: ${moved}.`, good: true };
}
