import type { Failure } from '../../failure/failure.ts';
import type { CheckOutcome, PreflightCheck } from '../contract.ts';
import type { Probe } from './facts.ts';

export type Verdict = readonly [outcome: CheckOutcome, found: string, nextStep?: string | undefined];

/** A check from a probe: `judge` sees the value; a probe that failed is `onFailure`, by default unknown with the reason. */
export function checkProbe<T>(
  id: string,
  title: string,
  probe: Probe<T> | undefined,
  judge: (value: T) => Verdict,
  onFailure: (failure: Failure) => Verdict = unknownBecause,
): PreflightCheck {
  if (probe === undefined) return check(id, title, notAsked, 'not asked');
  const status = probe.ok ? '' : ` → ${probe.failure.status ?? probe.failure.kind}`;
  return check(id, title, probe.ok ? judge(probe.value) : onFailure(probe.failure), `${probe.request}${status}`);
}

/** A check from a verdict that is already known. */
export function check(id: string, title: string, verdict: Verdict, evidence: string): PreflightCheck {
  const [outcome, found, nextStep] = verdict;
  return { id, title, outcome, found, evidence, nextStep };
}

const notAsked: Verdict = [
  'unknown',
  'The plan does not name the Azure resource, so its configuration cannot be read.',
  "Add 'resourceId' to the plan to have this checked.",
];

/** Unknown, with the failure's own words. */
export const unknownBecause = (failure: Failure): Verdict => ['unknown', sentence(failure), failure.nextStep];

/** Failure, with the failure's own words. */
export const failureBecause = (failure: Failure): Verdict => ['failure', sentence(failure), failure.nextStep];

/** The failure's message and the server's words in one line. */
export function sentence(failure: Failure): string {
  const words = failure.diagnostics?.find((text) => !failure.message.includes(text));
  return words === undefined ? failure.message : `${failure.message} The server says: ${words}`;
}
