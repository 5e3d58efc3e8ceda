import * as l10n from '@vscode/l10n';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { Failure } from '../../failure/failure.ts';
import { environmentSection, type Environment } from './failureDetails.ts';
import { migrationSummaryMarkdown } from './migrationSummary.ts';

const failuresShown = 50;

/** What goes to the clipboard for support: the summary, every failure with its request ids, and versions. */
export function supportText(overview: MigrationOverview, now: number, environment: Environment): string {
  const failures: Failure[] = [
    ...overview.attention.map(({ failure }) => failure),
    ...overview.windows.flatMap(({ failure }) => (failure === undefined ? [] : [failure])),
  ].slice(0, failuresShown);
  const { id, journalLength, operations, windows } = overview;
  const active = windows.filter(({ state }) => state !== 'done' && state !== 'empty' && state !== 'split');
  return [
    migrationSummaryMarkdown(overview, now).trimEnd(),
    `## ${l10n.t('State')}`,
    fence({ id, at: new Date(now).toISOString(), phase: overview.phase, blind: overview.blind, journalLength }),
    ...(operations.length === 0 ? [] : [`## ${l10n.t('Operations in flight')}`, fence(operations)]),
    ...(active.length === 0 ? [] : [`## ${l10n.t('Open windows')}`, fence(active.slice(0, failuresShown))]),
    ...(failures.length === 0 ? [] : [`## ${l10n.t('Failures')}`, fence(failures)]),
    environmentSection(environment),
  ]
    .join('\n\n')
    .concat('\n');
}

const fence = (value: unknown): string =>
  `\`\`\`json\n${JSON.stringify(value, null, 2).replaceAll('```', "'''")}\n\`\`\``;
