import type { Plan } from '../plan.ts';
import type { CountingPort, CountOf, Instant } from '../ports.ts';

/** Types up to which a scope is counted type by type; beyond, a count of everything is an upper bound. */
const countedApart = 4;

export interface ScopeCount {
  readonly count: number;
  /** False: at most this many. */
  readonly exact: boolean;
}

interface Range {
  readonly of: CountOf;
  readonly since?: Instant | undefined;
  readonly till?: Instant | undefined;
  readonly once?: true;
  /** Only this type. */
  readonly type?: string | undefined;
}

/** Counts what a plan's resource types hold in a range. `exactly` asks type by type however many there are. */
export async function countScope(
  port: CountingPort,
  plan: Plan,
  range: Range,
  signal: AbortSignal,
  exactly = false,
): Promise<ScopeCount> {
  const query = {
    of: range.of,
    ...(range.since === undefined ? {} : { since: range.since }),
    ...(range.till === undefined ? {} : { till: range.till }),
    ...(range.once === undefined ? {} : { once: range.once }),
  };
  const types = range.type === undefined ? plan.scope.resourceTypes : [range.type];
  // What a filter lets through cannot be counted this way.
  const filtered = plan.scope.typeFilters !== undefined;
  if (types === undefined) return { count: await port.count(query, signal), exact: true };
  if (types.length > countedApart && !exactly) return { count: await port.count(query, signal), exact: false };
  let count = 0;
  for (const type of types) count += await port.count({ ...query, type }, signal);
  return { count, exact: !filtered };
}
