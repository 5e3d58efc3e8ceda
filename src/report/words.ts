import type { GateId, GateState, KeptReason, StepId } from '../engine/cutover.ts';
import type { MigrationPhase } from '../engine/overview.ts';
import type { Instant } from '../engine/ports.ts';
import type { VerificationRecord } from '../engine/verified.ts';
import type { ServiceKind } from '../fhir/serviceKind.ts';

/** A count with separators. */
export const amount = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 0 });

/** Instants of a report are UTC, so that it can be laid beside the logs of services. */
export function instant(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A duration in milliseconds, in its two largest units. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return `${ms <= 0 ? 0 : Math.round(ms)} ms`;
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

/** A size in the unit that fits, powers of 1,000 as the portal of Azure shows them. */
export function bytes(size: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  const power = size < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
  const value = size / 1_000 ** power;
  return `${value.toLocaleString('en', { maximumFractionDigits: power === 0 ? 0 : 1 })} ${units[power] ?? 'B'}`;
}

const phases: Readonly<Record<MigrationPhase, string>> = {
  planned: 'Planned',
  preparing: 'Preparing',
  backlog: 'Moving the backlog',
  catchUp: 'Catching up',
  syncing: 'In sync',
  finishing: 'Taking the last window',
  checking: 'Checking the result',
  pausing: 'Pausing',
  paused: 'Paused',
  cancelling: 'Cancelling',
  cancelled: 'Cancelled',
  needsAttention: 'Needs attention',
  complete: 'Complete',
};
export const phaseWords = (phase: MigrationPhase): string => phases[phase];

const kinds: Readonly<Record<ServiceKind, string>> = {
  azureApiForFhir: 'Azure API for FHIR',
  ahds: 'AHDS FHIR service',
  fhirServer: 'FHIR server',
};
export const kindWords = (kind: ServiceKind): string => kinds[kind];

export function depthName({ depth, sample }: Pick<VerificationRecord, 'depth' | 'sample'>): string {
  return sample === undefined ? depth : `a sample of ${amount(sample.compared)} of ${amount(sample.of)} resources`;
}

const outcomes: Readonly<Record<VerificationRecord['outcome'], string>> = {
  equal: 'equal',
  different: 'different',
  incomplete: 'not proved',
};
export const outcomeName = (outcome: VerificationRecord['outcome']): string => outcomes[outcome];

const gates: Readonly<Record<GateId | StepId, string>> = {
  copyLag: 'Copy lag',
  verification: 'Verification',
  searchParameters: 'Search parameters and reindex',
  configuration: 'Configuration drift',
  permissions: 'Permissions',
  applications: 'Applications',
  eventsOff: 'Events of the target are off',
  staging: 'Staging is healthy',
  freeze: 'Writers stopped, with proof',
  finalCatchUp: 'Final catch-up',
  finalVerification: 'Final verification',
  eventsOn: 'Events of the target are on',
  endpoints: 'Applications use the target',
};
/** Title of a gate, or of a step of the way over. */
export const gateName = (id: GateId | StepId): string => gates[id];

const states: Readonly<Record<GateState, string>> = {
  passed: 'passed',
  open: 'OPEN',
  unknown: 'unknown',
  waived: 'waived',
};
export const stateName = (state: GateState): string => states[state];

const reasons: Readonly<Record<KeptReason, string>> = {
  leased: 'somebody holds a lease',
  immutable: 'a policy or a legal hold keeps it',
  changed: 'it was changed since it was listed',
  forbidden: 'deleting is not allowed to this account',
  failed: 'deleting failed',
};
/** Why something is still there; a reason of another version as it is written. */
export const keptName = (reason: string): string =>
  Object.hasOwn(reasons, reason) ? reasons[reason as KeptReason] : reason;

const classes: Readonly<Record<string, string>> = {
  differs: 'differs',
  missingOnTarget: 'missing on target',
  extraOnTarget: 'extra on target',
  unreadable: 'unreadable',
};
export const className = (name: string): string => (Object.hasOwn(classes, name) ? (classes[name] ?? name) : name);
