import type { Plan } from '../plan.ts';

/**
 * What the source was last seen to bear, where that is less than the plan allows. Every field is absent while the plan's
 * own limits hold.
 */
export interface Sizing {
  /** Rows per page of an export. */
  readonly maxCount?: number | undefined;
  /** Resources of a window. */
  readonly resources?: number | undefined;
  /** Length of a window, milliseconds. */
  readonly span?: number | undefined;
  /** Exports in a row that came to a good end since. */
  readonly healthy: number;
}

/** Exports in a row that have to end well before windows and pages grow. */
const enoughHealthy = 3;
const defaultPage = 10_000;

/** Smaller windows and pages, after an export that was too large. Sizes are those that are to be tried now. */
export function lowered(
  before: Sizing | undefined,
  to: { readonly maxCount?: number; readonly resources?: number; readonly span?: number },
): Sizing {
  return {
    maxCount: least(before?.maxCount, to.maxCount),
    resources: least(before?.resources, to.resources),
    span: least(before?.span, to.span),
    healthy: 0,
  };
}

/** Larger ones again after some exports that ended well; undefined: as large as the plan allows. */
export function grown(before: Sizing | undefined, plan: Plan): Sizing | undefined {
  if (before === undefined) return undefined;
  const healthy = before.healthy + 1;
  if (healthy < enoughHealthy) return { ...before, healthy };
  const { windowDays, windowResources } = plan.limits;
  const next: Sizing = {
    maxCount: doubled(before.maxCount, plan.options.maxCount ?? defaultPage),
    resources: doubled(before.resources, windowResources),
    span: doubled(before.span, windowDays * 86_400_000),
    healthy: 0,
  };
  const isWhole = next.maxCount === undefined && next.resources === undefined && next.span === undefined;
  return isWhole ? undefined : next;
}

function doubled(size: number | undefined, limit: number): number | undefined {
  return size === undefined || size * 2 >= limit ? undefined : size * 2;
}

/** The smaller of two sizes of which either may be without limit. */
export function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
