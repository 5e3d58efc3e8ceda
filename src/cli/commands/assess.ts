import { countBySeverity, type Finding, type Severity } from '../../assess/finding.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import type { Session } from '../session.ts';

export interface AssessOptions {
  readonly source: string;
  readonly target?: string;
  readonly sample?: readonly string[];
}

const words: Readonly<Record<Severity, string>> = {
  blocker: 'BLOCKER',
  action: 'ACTION',
  check: 'check',
  information: 'info',
};

/** Assesses a source, with or without a target: 0 without blockers, 1 with blockers. */
export async function assess({ services, output, signal }: Session, options: AssessOptions): Promise<ExitCode> {
  const { source, target, sample } = options;
  const assessment = await services.assess(
    { source, target, ...(sample === undefined ? {} : { sampleFiles: sample }) },
    signal,
  );
  const { findings } = assessment;
  output.line(
    assessment.target === undefined
      ? `Readiness of ${assessment.source.name}, without a target`
      : `Readiness of ${assessment.source.name} for ${assessment.target.name}`,
  );
  for (const finding of findings) {
    output.record('finding', finding);
    for (const line of linesOf(finding)) output.line(line);
  }
  const counts = countBySeverity(findings);
  output.record('assessed', { source: assessment.source, target: assessment.target, ...counts });
  output.line('');
  output.line(
    `${counts.blocker} blockers, ${counts.action} actions, ${counts.check} to check, ${counts.information} for information.`,
  );
  return counts.blocker > 0 ? exitCodes.needsAttention : exitCodes.success;
}

const linesOf = ({ severity, title, evidence, guidance, documentation }: Finding): readonly string[] => [
  '',
  `${words[severity].padEnd(7)}  ${title}`,
  `         ${evidence.seen} [${evidence.request}]`,
  `         Next: ${guidance}`,
  ...(severity === 'information' ? [] : [`         ${documentation}`]),
];
