import * as l10n from '@vscode/l10n';
import type { Plan } from '../../engine/plan.ts';
import type { Failure } from '../../failure/failure.ts';
import type { PlanSummary } from '../../services/contract.ts';
import { failureText } from '../feedback/failureWords.ts';
import { formatCount, formatDuration, formatInstant } from '../words/format.ts';
import { tableCell } from '../words/serverText.ts';
import { predictionParts } from './predictionParts.ts';
import { checkSection, servicesList, type PreflightProgress } from './preflightReport.ts';

/** What is known of a plan so far; each part arrives by itself. */
export interface PlanReview {
  readonly plan: Plan;
  readonly summary: PlanSummary | undefined;
  readonly summaryFailure: Failure | undefined;
  /** Undefined: nobody asked for one yet. */
  readonly preflight: PreflightProgress | undefined;
}

/** Windows listed one by one; a long plan shows the first and the last of them. */
const windowsShown = 40;

/**
 * The review of a plan before anything runs: what is moved, what preflight found, what it takes, and in which windows.
 * What may stop somebody comes before the long lists.
 */
export function planReviewMarkdown(review: PlanReview): string {
  const { plan } = review;
  return [
    `# ${l10n.t('Plan: {0}', tableCell(plan.name))}`,
    servicesList(plan),
    `## ${l10n.t('What is moved')}`,
    scopeWords(plan),
    ...wayParts(plan),
    sizeWords(review),
    `## ${l10n.t('Preflight')}`,
    preflightPart(review.preflight),
    ...(review.summary === undefined ? [] : predictionParts(review.summary.prediction)),
    ...(review.summary === undefined ? [] : countParts(review.summary)),
  ]
    .join('\n\n')
    .concat('\n');
}

/** What happens after the existing data, and when. */
function wayParts({ sync, calendar }: Plan): readonly string[] {
  if (sync === undefined && calendar === undefined) return [];
  const periods = (of: NonNullable<typeof calendar>['exports']): string =>
    of === undefined
      ? l10n.t('at any time')
      : of.map(({ days, from, till }) => `${(days ?? [l10n.t('every day')]).join(', ')} ${from}–${till}`).join('; ');
  const lines = [
    ...(sync === undefined
      ? []
      : [
          sync.purpose === 'follow'
            ? l10n.t(
                'Changes follow for good, for disaster recovery: the recovery point is at most {0} old',
                formatDuration(sync.lagTargetSeconds * 1_000),
              )
            : l10n.t(
                'Changes follow until you finish: the copy is at most {0} old',
                formatDuration(sync.lagTargetSeconds * 1_000),
              ),
        ]),
    ...(calendar === undefined
      ? []
      : [
          l10n.t('Exports start: {0} ({1})', periods(calendar.exports), calendar.timeZone),
          l10n.t('Imports start: {0} ({1})', periods(calendar.imports), calendar.timeZone),
          calendar.running === 'cancel'
            ? l10n.t('What runs when its time is over is cancelled and done again')
            : l10n.t('What runs when its time is over is left to finish'),
        ]),
  ];
  return [`## ${l10n.t('When')}`, lines.map((line) => `- ${tableCell(line)}`).join('\n')];
}

/** One line for the editor: counts, windows and preflight, as far as they are known. */
export function planReviewLine({ summary, summaryFailure, preflight }: PlanReview): string {
  const size =
    summaryFailure !== undefined
      ? l10n.t('size unknown')
      : summary === undefined
        ? l10n.t('counting…')
        : summary.total === undefined
          ? l10n.t('not countable')
          : l10n.t('{0} resources', formatCount(summary.total));
  const windows =
    summary?.windows === undefined ? undefined : l10n.t('{0} windows', formatCount(summary.windows.length));
  const checks =
    preflight === undefined
      ? undefined
      : preflight.failure !== undefined
        ? l10n.t('preflight incomplete')
        : preflight.report === undefined
          ? l10n.t('preflight runs')
          : preflight.report.ok
            ? l10n.t('preflight passed')
            : l10n.t('preflight found failures');
  return [size, windows, checks].filter((part) => part !== undefined).join(' · ');
}

/** What a plan moves, in words. */
export function scopeWords(plan: Plan): string {
  const { resourceTypes, since, till, history, softDeleted, typeFilters, deidentified } = plan.scope;
  const what = resourceTypes === undefined ? l10n.t('Every resource type') : resourceTypes.join(', ');
  const when =
    since !== undefined && till !== undefined
      ? l10n.t('changed from {0} until {1}', since, till)
      : since !== undefined
        ? l10n.t('changed from {0} until now', since)
        : till !== undefined
          ? l10n.t('changed before {0}', till)
          : l10n.t('whenever changed, up to now');
  return [
    `- ${what}, ${when}`,
    `- ${history ? l10n.t('With older versions') : l10n.t('Without older versions')}`,
    `- ${softDeleted ? l10n.t('With deleted resources') : l10n.t('Without deleted resources')}`,
    ...(typeFilters === undefined
      ? []
      : [`- ${l10n.t('Of these only what fits {0}; counts include the rest', tableCell(typeFilters.join(', ')))}`]),
    ...(deidentified === undefined
      ? []
      : [`- ${l10n.t('De-identified by {0}, proved before anything is imported', deidentified.config)}`]),
    ...(plan.options.perType ? [`- ${l10n.t('One export for each type')}`] : []),
    `- ${plan.options.searchParameters ? l10n.t('Custom search parameters are copied first') : l10n.t('Custom search parameters are not copied')}`,
  ].join('\n');
}

function sizeWords({ summary, summaryFailure }: PlanReview): string {
  if (summaryFailure !== undefined) {
    return `${l10n.t('The source could not be counted.')} ${tableCell(failureText(summaryFailure))}`;
  }
  return summary === undefined ? l10n.t('Counting the source…') : tableCell(summary.explanation);
}

function countParts(summary: PlanSummary): readonly string[] {
  const parts: string[] = [];
  const counts = Object.entries(summary.counts ?? {}).sort(([, a], [, b]) => b - a);
  if (counts.length > 0) {
    const total = summary.total === undefined ? '' : formatCount(summary.total);
    parts.push(`## ${l10n.t('Resources ({0})', total)}`);
    parts.push(counts.map(([type, count]) => `- ${tableCell(type)}: ${formatCount(count)}`).join('\n'));
  }
  if (summary.windows !== undefined && summary.windows.length > 0) {
    parts.push(`## ${l10n.t('Windows ({0})', formatCount(summary.windows.length))}`, windowsList(summary.windows));
  }
  return parts;
}

function windowsList(windows: NonNullable<PlanSummary['windows']>): string {
  const lines = windows.map(({ since, till, expected }, index) => {
    const from = since === undefined ? l10n.t('the beginning') : formatInstant(since);
    const size = expected === undefined ? l10n.t('size unknown') : l10n.t('{0} resources', formatCount(expected));
    return `${index + 1}. ${l10n.t('{0} to {1}: {2}', from, formatInstant(till), size)}`;
  });
  const left = lines.length - windowsShown;
  if (left <= 0) return lines.join('\n');
  const more = `… ${l10n.t('{0} more', formatCount(left))}`;
  return [...lines.slice(0, windowsShown - 5), more, ...lines.slice(-5)].join('\n');
}

function preflightPart(preflight: PreflightProgress | undefined): string {
  if (preflight === undefined) return l10n.t('Not run yet.');
  const { checks, report, failure } = preflight;
  if (failure !== undefined)
    return `${l10n.t('The preflight could not be completed.')} ${tableCell(failureText(failure))}`;
  if (report === undefined) return l10n.t('Running: {0} checks done so far…', checks.length);
  const open = report.checks.filter(({ outcome }) => outcome !== 'pass');
  const result = report.ok ? l10n.t('**Ready.**') : l10n.t('**Not ready.**');
  const counted = l10n.t('{0} of {1} checks passed.', report.checks.length - open.length, report.checks.length);
  return [`${result} ${counted}`, ...open.map(checkSection)].join('\n\n');
}
