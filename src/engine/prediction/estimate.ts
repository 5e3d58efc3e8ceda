/** A figure that is not known exactly: what it is at least, most likely, and at most. */
export interface Estimate {
  readonly least: number;
  readonly likely: number;
  readonly most: number;
}

/** A figure that is known. */
export const exactly = (value: number): Estimate => ({ least: value, likely: value, most: value });

/** Figure by figure: the least of the result from the least of both, and so on. */
export function combine(a: Estimate, b: Estimate, of: (a: number, b: number) => number): Estimate {
  return { least: of(a.least, b.least), likely: of(a.likely, b.likely), most: of(a.most, b.most) };
}

export const scaled = (a: Estimate, factor: number): Estimate => combine(a, exactly(factor), (x, y) => x * y);

/** Whole numbers: the least rounded down, the most up. */
export const whole = ({ least, likely, most }: Estimate): Estimate => ({
  least: Math.floor(least),
  likely: Math.round(likely),
  most: Math.ceil(most),
});
