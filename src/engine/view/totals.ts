import type { TypeTotals } from '../overview.ts';
import type { MigrationState, Part, Window } from '../state/state.ts';

export interface WindowTotals {
  readonly exported: number;
  readonly imported: number;
  readonly alreadyThere: number;
  readonly superseded: number;
  /** Not accepted by anybody. */
  readonly failed: number;
  readonly accepted: number;
  readonly unaccounted: number;
}

const nothing: WindowTotals = {
  exported: 0,
  imported: 0,
  alreadyThere: 0,
  superseded: 0,
  failed: 0,
  accepted: 0,
  unaccounted: 0,
};

function plus(sum: WindowTotals, part: Part): WindowTotals {
  return {
    exported: sum.exported + part.resources,
    imported: sum.imported + part.imported,
    alreadyThere: sum.alreadyThere + part.alreadyThere + part.superseded,
    superseded: sum.superseded + part.superseded,
    failed: sum.failed + part.failed - (part.accepted ?? 0),
    accepted: sum.accepted + (part.accepted ?? 0),
    unaccounted: sum.unaccounted + part.unaccounted,
  };
}

/** A window's lines, search parameters set aside not included. */
export function windowTotals(window: Window): WindowTotals {
  return window.parts.reduce(plus, nothing);
}

/** Lines by resource type, and what the services counted at the end. */
export function typeTotals(state: MigrationState): Readonly<Record<string, TypeTotals>> {
  const sums = new Map<string, WindowTotals>();
  for (const window of state.windows.values()) {
    for (const part of window.parts) sums.set(part.type, plus(sums.get(part.type) ?? nothing, part));
  }
  const compared = state.compared?.types ?? {};
  const entries = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([type, { exported, imported, alreadyThere, failed, accepted, unaccounted }]): [string, TypeTotals] => [
      type,
      {
        exported,
        imported,
        alreadyThere,
        failed,
        ...(accepted === 0 ? {} : { accepted }),
        unaccounted,
        onSource: compared[type]?.source,
        onTarget: compared[type]?.target,
      },
    ]),
  );
}
