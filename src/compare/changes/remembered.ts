import type { Change } from './change.ts';

/**
 * What became of one write. `unknown`: it was started and its end was not seen; `already`: nothing had to be written;
 * `notTried`: one before it failed.
 */
export type ChangeOutcome = 'done' | 'already' | 'failed' | 'unknown' | 'notTried';

/** The two services for whose sake something was changed, by their lower-case resource ids or addresses. */
export interface ChangePair {
  readonly source: string;
  readonly target: string;
}

/** A write as it is remembered, so that it can be offered back. */
export interface RememberedChange {
  readonly id: string;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
  readonly pair: ChangePair;
  readonly change: Change;
  readonly state: 'started' | 'done' | 'failed' | 'undone';
  /** Name of the role assignment that was made. */
  readonly assignment?: string;
}

/** The last word on each change, the oldest first. */
export function latest(records: readonly RememberedChange[]): readonly RememberedChange[] {
  const byId = new Map<string, RememberedChange>();
  for (const record of records) byId.set(record.id, { ...byId.get(record.id), ...record });
  return [...byId.values()];
}

/** Changes that still hold and can be put back, the newest first, so that each meets what it left behind. */
export function openChanges(records: readonly RememberedChange[], pair?: ChangePair): readonly RememberedChange[] {
  return latest(records)
    .filter(({ state, change }) => (state === 'done' || state === 'started') && change.kind !== 'container')
    .filter((record) => pair === undefined || samePair(record.pair, pair))
    .reverse();
}

/** The same two services, whatever their case. */
export const samePair = (a: ChangePair, b: ChangePair): boolean =>
  a.source.toLowerCase() === b.source.toLowerCase() && a.target.toLowerCase() === b.target.toLowerCase();
