import * as l10n from '@vscode/l10n';
import type { FindingChanges } from '../../assess/changes.ts';
import { countBySeverity, type Finding, severities, type Severity } from '../../assess/finding.ts';
import { bytesText } from '../../assess/words.ts';
import type { Assessment } from '../../services/assess/contract.ts';
import { fixOf } from './fixes.ts';
import { formatCount, formatInstant } from '../words/format.ts';
import { tableCell } from '../words/serverText.ts';

/** An assessment with what changed since the last one, and what was accepted. */
export interface Readiness {
  readonly assessment: Assessment;
  /** Absent: these services were not assessed before. */
  readonly changes: FindingChanges | undefined;
  /** Reasons by the id of a finding. */
  readonly accepted: Readonly<Record<string, string>>;
}

/** Severity as sign and word. */
export function severityWords(severity: Severity): string {
  switch (severity) {
    case 'blocker':
      return `✗ ${l10n.t('Blocker')}`;
    case 'action':
      return `⚠ ${l10n.t('Action')}`;
    case 'check':
      return `? ${l10n.t('Check')}`;
    case 'information':
      return `i ${l10n.t('Information')}`;
  }
}

/** The report of an assessment as markdown that also reads well as plain text. */
export function readinessMarkdown({ assessment, changes, accepted }: Readiness): string {
  const open = assessment.findings.filter(({ id }) => !Object.hasOwn(accepted, id));
  const settled = assessment.findings.filter(({ id }) => Object.hasOwn(accepted, id));
  return [
    `# ${headline(assessment)}`,
    verdict(open),
    facts(assessment),
    changes === undefined ? undefined : changesSection(changes),
    overview(assessment.findings, accepted),
    ...severities.flatMap((severity) => {
      const findings = open.filter((one) => one.severity === severity);
      return findings.length === 0 ? [] : [`## ${severityWords(severity)}`, ...findings.map(section)];
    }),
    ...(settled.length === 0
      ? []
      : [`## ${l10n.t('Accepted')}`, ...settled.map((one) => `${section(one)}\n- ${reason(accepted[one.id])}`)]),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n')
    .concat('\n');
}

const headline = ({ source, target }: Assessment): string =>
  target === undefined
    ? l10n.t('Readiness of {0}', tableCell(source.name))
    : l10n.t('Readiness of {0} for {1}', tableCell(source.name), tableCell(target.name));

const reason = (text: string | undefined): string => l10n.t('Accepted because: {0}', tableCell(text ?? ''));

function verdict(open: readonly Finding[]): string {
  const { blocker, action, check, information } = countBySeverity(open);
  const counted = l10n.t(
    'Blockers: {0}. Actions: {1}. To check: {2}. For information: {3}.',
    blocker,
    action,
    check,
    information,
  );
  const result =
    blocker > 0
      ? l10n.t('**Not ready.** Resolve the blockers first.')
      : action > 0
        ? l10n.t('**Nothing blocks a migration.** Do what is listed under actions before cutover.')
        : l10n.t('**Ready**, as far as can be seen. Check what cannot be seen.');
  return `${result}\n\n${counted}`;
}

function facts({ source, target, counts, dataBytes, takenAt }: Assessment): string {
  const total = counts === undefined ? undefined : Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [
    `- ${l10n.t('Source')}: ${tableCell(source.name)}, ${tableCell(source.endpoint)}`,
    target === undefined
      ? `- ${l10n.t('Target')}: ${l10n.t('none; what depends on it was not assessed')}`
      : `- ${l10n.t('Target')}: ${tableCell(target.name)}, ${tableCell(target.endpoint)}`,
    `- ${l10n.t('Resources')}: ${total === undefined ? l10n.t('not known') : formatCount(total)}`,
    `- ${l10n.t('Size')}: ${dataBytes === undefined ? l10n.t('not known') : bytesText(dataBytes)}`,
    `- ${l10n.t('Assessed')}: ${formatInstant(takenAt)}`,
  ].join('\n');
}

function changesSection({ added, gone, changed }: FindingChanges): string {
  const lines = [
    ...added.map(({ title, evidence }) => `- ${l10n.t('New')}: ${tableCell(title)}. ${tableCell(evidence.seen)}`),
    ...gone.map(({ title }) => `- ${l10n.t('Gone')}: ${tableCell(title)}`),
    ...changed.map(
      ({ before, now }) =>
        `- ${l10n.t('Changed')}: ${tableCell(now.title)}. ${tableCell(before.seen)} → ${tableCell(now.evidence.seen)}`,
    ),
  ];
  return [
    `## ${l10n.t('Since the last assessment')}`,
    lines.length === 0 ? l10n.t('Nothing changed.') : lines.join('\n'),
  ].join('\n\n');
}

/** One line for each finding: a table with texts of this length is hard to read where it is not rendered. */
function overview(findings: readonly Finding[], accepted: Readiness['accepted']): string {
  const lines = findings.map(({ id, severity, title, evidence }) => {
    const state = Object.hasOwn(accepted, id) ? l10n.t('Accepted') : severityWords(severity);
    return `- ${state}: **${tableCell(title)}** ${tableCell(evidence.seen)}`;
  });
  return [`## ${l10n.t('Findings')}`, lines.join('\n')].join('\n\n');
}

/** Heading of a finding's section in the report. */
export const headingOf = ({ title }: Finding): string => `### ${tableCell(title)}`;

const section = (finding: Finding): string => {
  const { evidence, guidance, documentation, id } = finding;
  const fix = fixOf(id);
  return [
    headingOf(finding),
    '',
    `- ${l10n.t('Seen')}: ${tableCell(evidence.seen)}`,
    `- ${l10n.t('Evidence')}: ${tableCell(evidence.request)}`,
    `- ${l10n.t('Next step')}: ${tableCell(guidance)}`,
    ...(fix === undefined ? [] : [`- ${l10n.t('Fix in the Findings view: {0}', fix.title)}`]),
    `- ${l10n.t('Documentation')}: <${documentation}>`,
  ].join('\n');
};
