import * as l10n from '@vscode/l10n';
import type { Failure } from '../../failure/failure.ts';
import { markdownTable } from '../documents/markdownTable.ts';
import { failureText } from '../feedback/failureWords.ts';
import { tableCell } from '../words/serverText.ts';

/** What became of one thing that was copied. */
export interface CopiedRow {
  readonly name: string;
  readonly outcome: 'created' | 'replaced' | 'alreadyThere' | 'failed';
  readonly failure?: Failure;
}

function outcomeWords(outcome: CopiedRow['outcome']): string {
  switch (outcome) {
    case 'created':
      return `✓ ${l10n.t('Created')}`;
    case 'replaced':
      return `✓ ${l10n.t('Replaced')}`;
    case 'alreadyThere':
      return `✓ ${l10n.t('Already there')}`;
    case 'failed':
      return `✗ ${l10n.t('Not copied')}`;
  }
}

/** Each entry with its result, as markdown that also reads well as plain text. */
export function copyReportMarkdown(
  title: string,
  source: string,
  target: string,
  rows: readonly CopiedRow[],
  nextStep: string | undefined,
): string {
  const failed = rows.filter(({ outcome }) => outcome === 'failed').length;
  return [
    `# ${tableCell(title)}`,
    l10n.t('From {0} to {1}.', tableCell(source), tableCell(target)),
    failed === 0
      ? l10n.t('All {0} are on the target.', rows.length)
      : l10n.t('{0} of {1} are not on the target; the others are.', failed, rows.length),
    markdownTable(
      [{ title: l10n.t('Result') }, { title: l10n.t('Entry') }, { title: l10n.t('Why') }],
      rows.map(({ outcome, name, failure }) => [
        outcomeWords(outcome),
        name,
        failure === undefined ? '' : failureText(failure),
      ]),
    ),
    ...(nextStep === undefined ? [] : [nextStep]),
  ]
    .join('\n\n')
    .concat('\n');
}
