import type { TypeTotals } from '../engine/overview.ts';
import type { Report, ReportTotals } from './report.ts';
import { amount } from './words.ts';

/** Sums over all types; counts of a service only where every type has one. */
export function sumOf(totals: readonly ReportTotals[]): TypeTotals {
  const sum = (of: (each: ReportTotals) => number): number => totals.reduce((all, each) => all + of(each), 0);
  const known = (of: (each: ReportTotals) => number | undefined): number | undefined =>
    totals.length > 0 && totals.every((each) => of(each) !== undefined) ? sum((each) => of(each) ?? 0) : undefined;
  return {
    exported: sum(({ exported }) => exported),
    imported: sum(({ imported }) => imported),
    alreadyThere: sum(({ alreadyThere }) => alreadyThere),
    failed: sum(({ failed }) => failed),
    unaccounted: sum(({ unaccounted }) => unaccounted),
    onSource: known(({ onSource }) => onSource),
    onTarget: known(({ onTarget }) => onTarget),
  };
}

/** How the migration stands, in one sentence; good only where nothing speaks against it and a verification speaks for it. */
export function verdictOf(report: Report): { readonly verdict: string; readonly good: boolean } {
  const { failed, unaccounted, imported, alreadyThere } = sumOf(report.totals);
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
