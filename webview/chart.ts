/** Size of the drawing in its own units; it is stretched to the place that it gets. */
export const chartWidth = 600;
export const chartHeight = 120;

const mostBins = 60;

/** The throughput chart as shapes and numbers, without words. */
export interface Chart {
  /** Path of the line, and of the area below it. */
  readonly line: string;
  readonly area: string;
  /** Height of the mean line, undefined when it lies outside. */
  readonly meanY: number | undefined;
  /** Value of the upper edge, resources per second. */
  readonly top: number;
  /** Largest and last rate, resources per second. */
  readonly peak: number;
  readonly last: number;
  readonly mean: number;
  readonly from: number;
  readonly to: number;
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is not below the value. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= value) ?? 10;
  return step * power;
}

/** Imported resources at an instant, on the straight line between its neighbours. */
function importedAt(points: readonly (readonly [number, number])[], instant: number): number {
  const after = points.findIndex(([at]) => at >= instant);
  const right = points[after];
  const left = points[after - 1] ?? right;
  if (right === undefined || left === undefined) return points.at(-1)?.[1] ?? 0;
  const span = right[0] - left[0];
  return span > 0 ? left[1] + ((right[1] - left[1]) * (instant - left[0])) / span : right[1];
}

/**
 * Draws how fast resources were imported: the run is cut into at most 60 equal spans and each gets its mean rate.
 * Points are instants and the resources imported up to then; undefined with less than two different instants.
 */
export function throughputChart(points: readonly (readonly [number, number])[]): Chart | undefined {
  // Of several counts at one instant the last one holds.
  const ordered = [...new Map([...points].sort((a, b) => a[0] - b[0]))];
  const first = ordered[0];
  const end = ordered.at(-1);
  if (first === undefined || end === undefined || end[0] <= first[0]) return undefined;
  const [from, to] = [first[0], end[0]];
  const bins = Math.max(2, Math.min(mostBins, ordered.length - 1));
  const width = (to - from) / bins;
  const rates = Array.from({ length: bins }, (_, bin) => {
    const upTo = bin === bins - 1 ? end[1] : importedAt(ordered, from + (bin + 1) * width);
    const gained = upTo - importedAt(ordered, from + bin * width);
    return Math.max(0, (gained / width) * 1_000);
  });
  const peak = Math.max(...rates);
  const mean = Math.max(0, ((end[1] - first[1]) / (to - from)) * 1_000);
  const top = niceCeiling(peak);
  const y = (rate: number): string => (chartHeight - (rate / top) * chartHeight).toFixed(1);
  const corners = rates.map((rate, bin) => {
    const right = (((bin + 1) / bins) * chartWidth).toFixed(1);
    return `V${y(rate)}H${right}`;
  });
  const start = `M0 ${y(rates[0] ?? 0)}`;
  return {
    line: `${start}${corners.join('')}`,
    area: `M0 ${chartHeight}${corners.join('')}V${chartHeight}Z`,
    meanY: mean > 0 && mean <= top ? Number(y(mean)) : undefined,
    top,
    peak,
    last: rates.at(-1) ?? 0,
    mean,
    from,
    to,
  };
}
