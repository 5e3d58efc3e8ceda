import type { Finding, Severity } from './finding.ts';

/** What is remembered of a finding until the next assessment. */
export interface RememberedFinding {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly seen: string;
}

/** How two assessments of the same services differ. */
export interface FindingChanges {
  readonly added: readonly Finding[];
  readonly gone: readonly RememberedFinding[];
  /** Severity or what was seen is another. */
  readonly changed: readonly { readonly before: RememberedFinding; readonly now: Finding }[];
}

export const remember = ({ id, title, severity, evidence }: Finding): RememberedFinding => ({
  id,
  title,
  severity,
  seen: evidence.seen,
});

/** What changed since the last assessment, by the ids of findings. */
export function changesSince(before: readonly RememberedFinding[], now: readonly Finding[]): FindingChanges {
  const earlier = new Map(before.map((one) => [one.id, one]));
  const ids = new Set<string>(now.map(({ id }) => id));
  return {
    added: now.filter(({ id }) => !earlier.has(id)),
    gone: before.filter(({ id }) => !ids.has(id)),
    changed: now.flatMap((finding) => {
      const last = earlier.get(finding.id);
      return last === undefined || (last.severity === finding.severity && last.seen === finding.evidence.seen)
        ? []
        : [{ before: last, now: finding }];
    }),
  };
}
