import * as l10n from '@vscode/l10n';
import type { Failure } from '../../failure/failure.ts';
import { sentence } from '../feedback/failureWords.ts';
import { tableCell } from '../words/serverText.ts';

/** Facts about this installation that belong to every report: versions and cloud, never names or accounts. */
export interface Environment {
  readonly extensionVersion: string;
  readonly editorVersion: string;
  readonly platform: string;
  /** Kind of remote window, or `local`. */
  readonly remote: string;
  readonly cloud: string;
  readonly signIn: string;
}

/**
 * Everything known of a failure as markdown: what the details document shows and what goes to the clipboard.
 * @param at milliseconds since 1970 UTC; written in UTC, so that a service's operators find it in their logs
 */
export function failureDetails(failure: Failure, at: number, environment: Environment): string {
  const facts: (readonly [string, string | number | undefined])[] = [
    [l10n.t('Time'), new Date(at).toISOString()],
    [l10n.t('Service'), failure.service],
    [l10n.t('Request'), failure.request],
    [l10n.t('Status'), failure.status],
    [l10n.t('Code'), failure.code],
    [l10n.t('Request id'), failure.requestId],
    [l10n.t('Kind'), failure.kind],
    [l10n.t('Try again after'), failure.retryAfterMs === undefined ? undefined : `${failure.retryAfterMs} ms`],
  ];
  const diagnostics = failure.diagnostics ?? [];
  return [
    `# ${tableCell(sentence(failure))}`,
    ...(failure.nextStep === undefined ? [] : [`**${l10n.t('Next step')}:** ${tableCell(failure.nextStep)}`]),
    facts
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `- ${name}: ${tableCell(String(value))}`)
      .join('\n'),
    ...(diagnostics.length === 0
      ? []
      : [`## ${l10n.t('What the server says')}`, diagnostics.map((line) => `> ${tableCell(line)}`).join('\n>\n')]),
    environmentSection(environment),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Versions and surroundings as a section of a report. */
export function environmentSection(environment: Environment): string {
  return [
    `## ${l10n.t('Installation')}`,
    '',
    `- FHIR Migration ${environment.extensionVersion}, VS Code ${environment.editorVersion}`,
    `- ${environment.platform}, ${environment.remote}`,
    `- ${l10n.t('Cloud')}: ${environment.cloud}; ${l10n.t('sign-in')}: ${environment.signIn}`,
  ].join('\n');
}
