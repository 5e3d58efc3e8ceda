import { hashOf } from './random.ts';

export const yearMs = 365.25 * 86_400_000;

/** A moment of the years before `now` that only the key decides; the last minute stays free. */
export function momentOf(key: string, now: number, years: number): number {
  const fraction = (hashOf(key) + hashOf(`${key}/`) / 4_294_967_296) / 4_294_967_296;
  return Math.floor(now - 60_000 - fraction * (years * yearMs - 60_000));
}
