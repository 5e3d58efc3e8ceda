import { type Aspect, type Comparison, hasFailed, isDrift } from '../compare/comparison.ts';
import type { GateState } from '../engine/cutover.ts';
import { amount } from '../report/words.ts';
import type { Seen } from './gates.ts';

/** How a gate stands, and by what. */
export interface Judged {
  readonly state: Exclude<GateState, 'waived'>;
  readonly evidence: string;
}

const names: Readonly<Record<Aspect, string>> = {
  configuration: 'settings',
  capabilities: 'abilities',
  searchParameters: 'search parameters',
  profiles: 'profiles',
  roles: 'role assignments',
  diagnostics: 'diagnostic settings',
};

/** Drift of some aspects of two services. An aspect that could not be compared leaves the gate unknown. */
export function driftGate(comparison: Seen<Comparison>, aspects: readonly Aspect[]): Judged {
  if ('unknown' in comparison) return { state: 'unknown', evidence: comparison.unknown };
  const all = comparison.value.aspects.filter(({ aspect }) => aspects.includes(aspect));
  const drifting = all.flatMap((result) => {
    const count = hasFailed(result) ? 0 : result.entries.filter(isDrift).length;
    return count === 0 ? [] : [`${amount(count)} ${names[result.aspect]}`];
  });
  const failed = all.filter(hasFailed);
  const missing = aspects.filter((aspect) => !all.some((result) => result.aspect === aspect));
  const because = [
    ...failed.map(({ aspect, failure }) => `${names[aspect]}: ${failure.message}`),
    ...(missing.length === 0 ? [] : [`${missing.map((aspect) => names[aspect]).join(', ')}: only Azure could tell`]),
  ].join(' ');
  if (drifting.length > 0)
    return {
      state: 'open',
      evidence: `Different on the target: ${drifting.join(', ')}.${because === '' ? '' : ` Unknown of ${because}.`}`,
    };
  if (because !== '') return { state: 'unknown', evidence: `Unknown of ${because}.` };
  const compared = all.reduce((sum, result) => sum + (hasFailed(result) ? 0 : result.entries.length), 0);
  return {
    state: 'passed',
    evidence: `${amount(compared)} ${all.length === 1 ? names[all[0]?.aspect ?? 'configuration'] : 'points'} were compared, and none drifts.`,
  };
}
