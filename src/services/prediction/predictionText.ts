import { bytesText } from '../../assess/words.ts';
import type { PlanInput } from '../../engine/plan.ts';
import type { Estimate } from '../../engine/prediction/estimate.ts';
import type { LeftOut, Prediction, Variant } from '../../engine/prediction/prediction.ts';

type Written = NonNullable<PlanInput['predictions']>;

const notKnown = 'not known';

/** A prediction as a plan file keeps it: words that a reviewer reads. `at`: milliseconds since 1970 UTC. */
export function writtenPrediction({ variants, leftOut, basis }: Prediction, at: number): Written {
  return {
    at: new Date(at).toISOString(),
    basis: basis.map((each) => each.slice(0, 500)),
    variants: variants.map(writtenVariant),
    leftOut: leftOut.map(leftOutText),
  };
}

function writtenVariant(variant: Variant): Written['variants'][number] {
  const { pattern, history, parallel, requestUnits, throughputHours, cost } = variant;
  return {
    pattern,
    history,
    parallel,
    windows: countText(variant.windows),
    duration: estimateText(variant.durationMs, durationText),
    writeFreeze: estimateText(variant.freezeMs, durationText),
    staging: estimateText(variant.stagingBytes, bytesText),
    imported: countText(variant.imported),
    ...(requestUnits === undefined ? {} : { requestUnits: countText(requestUnits) }),
    ...(throughputHours === undefined
      ? {}
      : { throughput: `${estimateText(throughputHours, amountText)} hours of 100 RU/s` }),
    ...(cost === undefined ? {} : { cost: `${estimateText(cost.total, amountText)} ${cost.currency}` }),
  };
}

/** `Older versions: 1,200`. */
export const leftOutText = ({ what, resources }: LeftOut): string =>
  `${what}: ${resources === undefined ? 'cannot be counted' : resources.toLocaleString('en')}`;

/** `1 h to 3 h, likely 2 h`; one value where they read alike. */
export function estimateText(estimate: Estimate | undefined, text: (value: number) => string): string {
  if (estimate === undefined) return notKnown;
  const [least, likely, most] = [text(estimate.least), text(estimate.likely), text(estimate.most)];
  return least === most ? likely : `${least} to ${most}, likely ${likely}`;
}

const countText = (estimate: Estimate | undefined): string =>
  estimateText(estimate, (value) => value.toLocaleString('en', { maximumFractionDigits: 0 }));

const amountText = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 2 });

/** Milliseconds in the two largest units: `1 d 4 h`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24).toLocaleString('en')} d ${hours % 24} h`;
}
