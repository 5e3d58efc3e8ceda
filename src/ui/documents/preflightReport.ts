import * as l10n from '@vscode/l10n';
import type { Plan } from '../../engine/plan.ts';
import type { Failure } from '../../failure/failure.ts';
import type { CheckOutcome, PreflightCheck, PreflightReport } from '../../services/contract.ts';
import { failureText } from '../feedback/failureWords.ts';
import { formatInstant } from '../words/format.ts';
import { tableCell } from '../words/serverText.ts';
import { kindName } from '../words/serviceWords.ts';

/** A preflight while it runs, when it has ended, and when it could not end. */
export interface PreflightProgress {
  readonly checks: readonly PreflightCheck[];
  readonly report: PreflightReport | undefined;
  readonly failure: Failure | undefined;
}

/** Outcome as sign and word. */
export function outcomeWords(outcome: CheckOutcome): string {
  switch (outcome) {
    case 'pass':
      return `✓ ${l10n.t('Pass')}`;
    case 'warning':
      return `⚠ ${l10n.t('Warning')}`;
    case 'failure':
      return `✗ ${l10n.t('Failure')}`;
    case 'unknown':
      return `? ${l10n.t('Unknown')}`;
  }
}

/** The report of a preflight as markdown that also reads well as plain text. */
export function preflightMarkdown(plan: Plan, progress: PreflightProgress): string {
  const checks = progress.report?.checks ?? progress.checks;
  return [
    `# ${l10n.t('Preflight of {0}', tableCell(plan.name))}`,
    verdict(progress),
    servicesList(plan),
    checks.length === 0 ? undefined : `## ${l10n.t('Checks')}`,
    checks.length === 0 ? undefined : checks.map(checkLine).join('\n'),
    ...checks.filter(({ outcome }) => outcome !== 'pass').map(checkSection),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n')
    .concat('\n');
}

function verdict({ report, failure, checks }: PreflightProgress): string {
  if (failure !== undefined)
    return `${l10n.t('The preflight could not be completed.')} ${tableCell(failureText(failure))}`;
  if (report === undefined) return l10n.t('Running: {0} checks done so far…', checks.length);
  const count = (outcome: CheckOutcome): number => report.checks.filter((check) => check.outcome === outcome).length;
  const counted = l10n.t(
    '{0} passed, {1} warnings, {2} failures, {3} unknown. Finished {4}.',
    count('pass'),
    count('warning'),
    count('failure'),
    count('unknown'),
    formatInstant(report.finishedAt),
  );
  const result = report.ok
    ? l10n.t('**Ready.** Nothing stands in the way of this migration.')
    : l10n.t('**Not ready.** Resolve the failures below, then run the preflight again.');
  const source = report.source.deprecated
    ? l10n.t(
        'The source is retired: it answers only metadata, export and export status. The migration will be export-only, and totals become known as the exports end.',
      )
    : report.source.countsAnswer
      ? undefined
      : l10n.t('The source does not answer counts: totals become known as the exports end.');
  return [result, counted, source].filter((part) => part !== undefined).join('\n\n');
}

/** Source, target and staging account of a plan, one line each. */
export function servicesList({ source, target, staging }: Plan): string {
  const line = (role: string, ...facts: readonly string[]): string => `- ${role}: ${facts.map(tableCell).join(', ')}`;
  const container = `${staging.blobEndpoint.replace(/\/+$/, '')}/${staging.container}`;
  return [
    line(l10n.t('Source'), source.name, kindName(source.kind), source.endpoint),
    line(l10n.t('Target'), target.name, kindName(target.kind), target.endpoint),
    line(l10n.t('Staging account'), staging.accountName, container),
  ].join('\n');
}

const checkLine = ({ title, outcome, found }: PreflightCheck): string =>
  `- ${outcomeWords(outcome)}: ${tableCell(title)}. ${tableCell(found)}`;

/** A check that did not pass: what was seen, the request that proved it, and what to do. */
export function checkSection({ title, outcome, found, evidence, nextStep }: PreflightCheck): string {
  return [
    `### ${outcomeWords(outcome)}: ${tableCell(title)}`,
    tableCell(found),
    `- ${l10n.t('Evidence')}: ${tableCell(evidence)}`,
    nextStep === undefined ? undefined : `- ${l10n.t('Next step')}: ${tableCell(nextStep)}`,
  ]
    .filter((part) => part !== undefined)
    .join('\n');
}
