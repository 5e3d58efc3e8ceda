import type { Instant } from '../engine/ports.ts';

/** Size of the drawing in its own units. */
export const chartWidth = 720;
export const chartHeight = 160;

const mostBars = 60;
/** So few points as a short migration has would make blocks of bars. */
const fewestBars = 24;

/** How fast resources were imported, as bars: equal spans of time from the start to the last import. */
export interface Chart {
  readonly bars: readonly { readonly x: number; readonly width: number; readonly height: number }[];
  readonly from: Instant;
  readonly to: Instant;
  /** Resources per second. */
  readonly peak: number;
  readonly mean: number;
}

interface Point {
  readonly at: Instant;
  readonly imported: number;
}

/** The chart; undefined while nothing was imported over any time. `startedAt`: when nothing was there yet. */
export function chartOf(points: readonly Point[], startedAt: Instant | undefined): Chart | undefined {
  const [first] = points;
  const begins = first !== undefined && startedAt !== undefined && startedAt < first.at;
  const all = begins ? [{ at: startedAt, imported: 0 }, ...points] : points;
  const from = all[0];
  const to = all.at(-1);
  if (from === undefined || to === undefined || to.at <= from.at || to.imported <= from.imported) return undefined;
  const count = Math.min(mostBars, Math.max(fewestBars, all.length - 1));
  const span = (to.at - from.at) / count;
  const sums = Array.from({ length: count + 1 }, (_, index) => importedAt(all, from.at + index * span));
  const rates = Array.from({ length: count }, (_, index) =>
    Math.max(0, (((sums[index + 1] ?? 0) - (sums[index] ?? 0)) / span) * 1_000),
  );
  const peak = Math.max(...rates);
  const step = chartWidth / count;
  return {
    bars: rates.map((rate, index) => ({
      x: rounded(index * step),
      width: rounded(step * 0.86),
      height: rounded(peak === 0 ? 0 : (rate / peak) * chartHeight),
    })),
    from: from.at,
    to: to.at,
    peak,
    mean: ((to.imported - from.imported) / (to.at - from.at)) * 1_000,
  };
}

/** On the straight line between the two points around an instant. */
function importedAt(points: readonly Point[], at: Instant): number {
  const after = points.findIndex((point) => point.at >= at);
  const right = points[after];
  const left = points[after - 1];
  if (right === undefined) return points.at(-1)?.imported ?? 0;
  if (left === undefined || right.at <= left.at) return right.imported;
  return left.imported + ((right.imported - left.imported) * (at - left.at)) / (right.at - left.at);
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
