import type { PartRef } from '../events.ts';
import type { Instant } from '../ports.ts';

/** A part that waits for an import. */
export interface PendingPart {
  readonly ref: PartRef;
  readonly round: number;
  readonly type: string;
  readonly files: number;
  readonly resources: number;
  readonly bytes: number;
  /** When its export was completed. */
  readonly since: Instant;
  /** Imports of it that failed since the last success. */
  readonly failures: number;
}

/** Microsoft Learn, healthcare-apis, FHIR best practices: a good import has at least this much of one type. */
const goodResources = 20_000;
const goodBytes = 50_000_000;

interface Group {
  readonly parts: readonly PendingPart[];
  readonly resources: number;
  readonly bytes: number;
  readonly since: Instant;
}

/**
 * Makes import jobs of what is pending, at most as many as slots are free, oldest first. A type with much pending gets
 * a job of its own and small types share one; jobs are halved into free slots only while both halves are of good size.
 * Rounds are not mixed, because the same version twice in one batch comes back as a duplicate line. What failed once
 * is tried apart from the rest, what failed twice window by window, so that one bad file spoils no more than its own.
 */
export function importJobs(
  pending: readonly PendingPart[],
  freeSlots: number,
  filesPerImport: number,
): readonly (readonly PartRef[])[] {
  if (freeSlots <= 0 || pending.length === 0) return [];
  const groups = grouped(pending).sort((a, b) => a.since - b.since || b.resources - a.resources);
  const jobs = groups.slice(0, freeSlots).map((group) => capped(group, filesPerImport));
  while (jobs.length < freeSlots) {
    const halved = halveLargest(jobs);
    if (!halved) break;
  }
  return jobs.map((job) => job.parts.map((part) => part.ref));
}

function grouped(pending: readonly PendingPart[]): Group[] {
  const byType = collect(pending, (part) =>
    part.failures === 0
      ? `${part.round} ${part.type}`
      : part.failures === 1
        ? `${part.round} !`
        : `! ${part.ref.window}`,
  );
  const large: Group[] = [];
  const small: PendingPart[] = [];
  for (const parts of byType) {
    const group = groupOf(parts);
    if (isGood(group) || parts.some((part) => part.failures > 0)) large.push(group);
    else small.push(...parts);
  }
  return [...large, ...collect(small, (part) => String(part.round)).map(groupOf)];
}

function collect(parts: readonly PendingPart[], keyOf: (part: PendingPart) => string): PendingPart[][] {
  return [...Map.groupBy(parts, keyOf).values()];
}

function groupOf(parts: readonly PendingPart[]): Group {
  let resources = 0;
  let bytes = 0;
  let since = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    resources += part.resources;
    bytes += part.bytes;
    since = Math.min(since, part.since);
  }
  return { parts, resources, bytes, since };
}

function isGood(group: { readonly resources: number; readonly bytes: number }): boolean {
  return group.resources >= goodResources || group.bytes >= goodBytes;
}

/** As many of the oldest parts as the documented number of files allows; the rest waits. */
function capped(group: Group, filesPerImport: number): Group {
  let files = 0;
  const taken: PendingPart[] = [];
  for (const part of group.parts) {
    if (taken.length > 0 && files + part.files > filesPerImport) continue;
    files += part.files;
    taken.push(part);
  }
  return groupOf(taken);
}

function halveLargest(jobs: Group[]): boolean {
  const order = jobs.map((_, index) => index).sort((a, b) => sizeAt(jobs, b) - sizeAt(jobs, a));
  for (const index of order) {
    const job = jobs[index];
    if (job === undefined) continue;
    const [first, second] = twoHalves(job);
    if (!isGood(first) || !isGood(second)) continue;
    jobs.splice(index, 1, first, second);
    return true;
  }
  return false;
}

function sizeAt(jobs: readonly Group[], index: number): number {
  return jobs[index]?.resources ?? 0;
}

/** Largest parts first, each to the lighter half. */
function twoHalves(job: Group): readonly [Group, Group] {
  const first: PendingPart[] = [];
  const second: PendingPart[] = [];
  let balance = 0;
  for (const part of [...job.parts].sort((a, b) => b.resources - a.resources)) {
    if (balance <= 0) {
      first.push(part);
      balance += part.resources;
    } else {
      second.push(part);
      balance -= part.resources;
    }
  }
  return [groupOf(first), groupOf(second)];
}
