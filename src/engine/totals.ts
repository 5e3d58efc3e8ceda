import type { TypeTotals } from './overview.ts';

/** Sums over all types; counts of a service only where every type has one. */
export function sumTotals(totals: readonly TypeTotals[]): TypeTotals {
  const sum = (of: (each: TypeTotals) => number): number => totals.reduce((all, each) => all + of(each), 0);
  const known = (of: (each: TypeTotals) => number | undefined): number | undefined =>
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
