import type { MigrationOverview } from '../../engine/overview.ts';
import { durationText } from './describe.ts';

/** How far verification is, beside the copy, and what was found by those that somebody ran. */
export function verifiedLines({ verification, phase }: MigrationOverview): string[] {
  const { until, lagMs, by, windowsVerified, windowsDifferent, runs } = verification;
  const words = by === 'counts' ? 'every line accounted for, counts compared' : 'every line accounted for';
  const lag = lagMs === undefined || phase === 'complete' ? '' : `, verification lag ${durationText(lagMs)}`;
  const last = runs.at(-1);
  return [
    `Verified until: ${until === undefined ? 'nothing yet' : new Date(until).toISOString()} (${words}${lag})`,
    ...(windowsDifferent === 0
      ? []
      : [`  ${windowsVerified} windows counted alike, ${windowsDifferent} changed since and are counted again`]),
    ...(last === undefined
      ? []
      : [`Last verification: ${last.depth}, ${last.outcome}, ${new Date(last.endedAt).toISOString()}`]),
  ];
}
