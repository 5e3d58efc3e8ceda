/** How much a finding matters: `blocker` stops a migration, `action` needs a person before cutover, the others inform. */
export const severities = ['blocker', 'action', 'check', 'information'] as const;
export type Severity = (typeof severities)[number];

export const topics = [
  'lifecycle',
  'data',
  'versioning',
  'content',
  'access',
  'search',
  'integration',
  'platform',
  'staging',
  'target',
  'configuration',
  'limitations',
] as const;
export type Topic = (typeof topics)[number];

/** What one rule knows before it looks: everything of a finding but the evidence. */
export interface About {
  /** Stable id, topic first, for example `access.localRbac`. */
  readonly id: `${Topic}.${string}`;
  readonly severity: Severity;
  readonly title: string;
  /** What to do about it. */
  readonly guidance: string;
  /** Address of the page of the product's documentation. */
  readonly documentation: string;
}

/** One result of an assessment. */
export interface Finding extends About {
  readonly topic: Topic;
  /** False: the part of the snapshot that decides is missing; `evidence.seen` says why. Never a pass. */
  readonly known: boolean;
  readonly evidence: {
    /** What was seen, one sentence. */
    readonly seen: string;
    /** The request that gave it, for example `GET /metadata`. */
    readonly request: string;
  };
}

/** Topic of an id. */
export const topicOf = (id: About['id']): Topic => {
  const [name] = id.split('.');
  return topics.find((topic) => topic === name) ?? 'limitations';
};

/** How many findings of each severity there are. */
export function countBySeverity(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const count = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
  return {
    blocker: count('blocker'),
    action: count('action'),
    check: count('check'),
    information: count('information'),
  };
}
