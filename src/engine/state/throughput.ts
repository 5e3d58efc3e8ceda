import type { Instant } from '../ports.ts';

export interface ThroughputPoint {
  readonly at: Instant;
  readonly imported: number;
}

const mostPoints = 240;

/** Adds resources that reached the target; thins the points out so that a chart of any length stays small. */
export function addThroughput(
  points: readonly ThroughputPoint[],
  at: Instant,
  gained: number,
): readonly ThroughputPoint[] {
  const last = points.at(-1);
  const next = [...points, { at: Math.max(at, last?.at ?? at), imported: (last?.imported ?? 0) + gained }];
  if (next.length <= mostPoints) return next;
  return next.filter((_, index) => index % 2 === 0 || index === next.length - 1);
}
