/** What became of the exported lines of one type; a part of the overview of a migration. */
export interface LedgerTotals {
  readonly exported: number;
  readonly imported: number;
  readonly alreadyThere: number;
  readonly failed: number;
  readonly unaccounted: number;
}

export interface LedgerResult {
  readonly type: string;
  readonly exported: number;
  readonly arrived: number;
  readonly failed: number;
  /** Lines of which nothing is known: neither imported, nor there, nor refused. */
  readonly unaccounted: number;
  /** True when every exported line arrived. */
  readonly balanced: boolean;
}

/** Balances manifests against import results, line for line, by the totals of the journal. */
export function ledger(totals: Readonly<Record<string, LedgerTotals>>): readonly LedgerResult[] {
  return Object.entries(totals)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, { exported, imported, alreadyThere, failed, unaccounted }]) => {
      const arrived = imported + alreadyThere;
      const missing = Math.max(unaccounted, exported - arrived - failed, 0);
      return { type, exported, arrived, failed, unaccounted: missing, balanced: failed === 0 && missing === 0 };
    });
}
