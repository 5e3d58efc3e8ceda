import { countBySeverity, type Finding, type Severity } from '../../assess/finding.ts';
import { toFailure } from '../../failure/failure.ts';
import type { Assessment } from '../../services/assess/contract.ts';
import type { SinceLastAssessment } from '../../services/assess/lastAssessment.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import type { PlanService } from '../../engine/plan.ts';
import { planIn, UsageError, type Session } from '../session.ts';

export interface AssessOptions {
  readonly source?: string;
  readonly target?: string;
  readonly sample?: readonly string[];
  readonly plan?: string;
  readonly trialExport?: number;
}

const words: Readonly<Record<Severity, string>> = {
  blocker: 'BLOCKER',
  action: 'ACTION',
  check: 'check',
  information: 'info',
};

/**
 * Assesses a source, with or without a target, or the services of a plan: 0 without blockers, 1 with blockers. What the
 * plan accepts with a reason blocks no more.
 */
export async function assess({ services, output, signal }: Session, options: AssessOptions): Promise<ExitCode> {
  const { source, target, accepted } = await servicesOf(options);
  const { sample, trialExport } = options;
  const assessment = await services.assess(
    { source, target, trialDays: trialExport, ...(sample === undefined ? {} : { sampleFiles: sample }) },
    signal,
  );
  const { findings } = assessment;
  output.line(
    assessment.target === undefined
      ? `Readiness of ${assessment.source.name}, without a target`
      : `Readiness of ${assessment.source.name} for ${assessment.target.name}`,
  );
  for (const finding of findings) {
    const reason = Object.hasOwn(accepted, finding.id) ? accepted[finding.id] : undefined;
    output.record('finding', { ...finding, ...(reason === undefined ? {} : { accepted: reason }) });
    for (const line of linesOf(finding)) output.line(line);
    if (reason !== undefined) output.line(`         Accepted because: ${reason}`);
  }
  const counts = countBySeverity(findings.filter(({ id }) => !Object.hasOwn(accepted, id)));
  await tellChanges({ services, output }, assessment);
  output.record('assessed', { source: assessment.source, target: assessment.target, ...counts });
  output.line('');
  output.line(
    `Blockers: ${counts.blocker}. Actions: ${counts.action}. To check: ${counts.check}. For information: ${counts.information}.`,
  );
  return counts.blocker > 0 ? exitCodes.needsAttention : exitCodes.success;
}

/** What is new, gone or otherwise since the last time; an assessment counts even where it cannot be kept. */
async function tellChanges({ services, output }: Pick<Session, 'services' | 'output'>, now: Assessment): Promise<void> {
  let since: SinceLastAssessment | undefined;
  try {
    since = await services.sinceLastAssessment(now);
  } catch (error) {
    output.line('');
    output.line(`What changed since the last assessment cannot be told: ${toFailure(error).message}`);
    return;
  }
  if (since === undefined) return;
  const { at, added, gone, changed } = since;
  output.record('changes', {
    since: new Date(at).toISOString(),
    added: added.map(({ id }) => id),
    gone: gone.map(({ id }) => id),
    changed: changed.map((one) => ({ id: one.now.id, before: one.before.seen, now: one.now.evidence.seen })),
  });
  output.line('');
  output.line(`Since the last assessment (${new Date(at).toISOString()}):`);
  for (const { title, evidence } of added) output.line(`  New: ${title}. ${evidence.seen}`);
  for (const { title } of gone) output.line(`  Gone: ${title}`);
  for (const one of changed) output.line(`  Changed: ${one.now.title}. ${one.before.seen} → ${one.now.evidence.seen}`);
  if (added.length + gone.length + changed.length === 0) output.line('  Nothing changed.');
}

interface Assessed {
  readonly source: string;
  readonly target: string | undefined;
  /** Reasons by the id of a finding. */
  readonly accepted: Readonly<Record<string, string>>;
}

async function servicesOf({ source, target, plan }: AssessOptions): Promise<Assessed> {
  if (plan !== undefined) {
    if (source !== undefined || target !== undefined) throw new UsageError('Give a plan, or services, not both.');
    const planned = await planIn(plan);
    const at = ({ resourceId, endpoint }: PlanService): string => resourceId ?? endpoint;
    return { source: at(planned.source), target: at(planned.target), accepted: planned.accepted ?? {} };
  }
  if (source === undefined) throw new UsageError('Name the source with --source, or a plan with --plan.');
  return { source, target, accepted: {} };
}

const linesOf = ({ severity, title, evidence, guidance, documentation }: Finding): readonly string[] => [
  '',
  `${words[severity].padEnd(7)}  ${title}`,
  `         ${evidence.seen} [${evidence.request}]`,
  `         Next: ${guidance}`,
  ...(severity === 'information' ? [] : [`         ${documentation}`]),
];
