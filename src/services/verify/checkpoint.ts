import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { TypeRange } from '../../verify/narrow.ts';
import type { RangeComparison } from './compareRange.ts';
import type { VerificationRequest } from './verification.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const since = v.optional(v.number());
const doneType = v.object({
  /** Exclusive end of what was compared, milliseconds since 1970 UTC. */
  until: v.number(),
  equal: count,
  recovered: count,
  changedLater: count,
  /** Ranges before `until` that are compared again, because they were not equal. */
  again: v.array(v.object({ since, till: v.number() })),
});

/** Where a verification that was interrupted goes on. It holds numbers alone, never a resource id. */
export const checkpointSchema = v.object({
  v: v.literal(1),
  /** Digest of the request that it belongs to. */
  of: v.string(),
  since,
  till: v.number(),
  first: v.number(),
  startedAt: v.number(),
  types: v.record(v.string(), doneType),
});
export type VerificationCheckpoint = v.InferOutput<typeof checkpointSchema>;
export type DoneType = VerificationCheckpoint['types'][string];

/** What a request is about; a checkpoint of another one is of no use to it. */
export function requestDigest(request: VerificationRequest): string {
  const { depth, source, target, migration, types, since: from, till, sample, history, ids } = request;
  const about = [depth, source.endpoint, target.endpoint, migration, types, from, till, sample, history, ids];
  return createHash('sha256').update(JSON.stringify(about)).digest('base64');
}

/** What is left to compare of a range of a type. */
export function leftOf(
  range: TypeRange,
  done: DoneType | undefined,
): { readonly again: readonly TypeRange[]; readonly rest: TypeRange | undefined } {
  if (done === undefined) return { again: [], rest: range };
  const { type, till } = range;
  return {
    again: done.again.map((one) => ({ type, since: one.since, till: one.till })),
    rest: done.until >= till ? undefined : { type, since: done.until, till },
  };
}

/** Remembers a range that was compared; ranges of a type come in the order of time. */
export function withDone(done: DoneType | undefined, range: TypeRange, found: RangeComparison): DoneType {
  const before = done ?? { until: -Infinity, equal: 0, recovered: 0, changedLater: 0, again: [] };
  const again = before.again.filter((one) => one.since !== range.since || one.till !== range.till);
  const until = Math.max(before.until, range.till);
  const clean = found.differences.length === 0 && found.unread === 0 && !found.truncated;
  if (!clean) {
    const repeated = { ...(range.since === undefined ? {} : { since: range.since }), till: range.till };
    return { ...before, until, again: [...again, repeated] };
  }
  return {
    until,
    again,
    equal: before.equal + found.equal,
    recovered: before.recovered + found.recovered,
    changedLater: before.changedLater + found.changedLater,
  };
}
