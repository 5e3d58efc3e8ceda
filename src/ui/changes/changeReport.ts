import * as l10n from '@vscode/l10n';
import { changeCommand, changeLines } from '../../compare/changes/changeWords.ts';
import type { ChangeOutcome } from '../../compare/changes/remembered.ts';
import type { ChangeReport, ChangeStep } from '../../services/changes/contract.ts';
import { failureText } from '../feedback/failureWords.ts';
import { commandBlock } from '../prepare/prepareReport.ts';
import { tableCell } from '../words/serverText.ts';

/** What became of a write, as sign and word. */
export function outcomeOfChange(outcome: ChangeOutcome): string {
  switch (outcome) {
    case 'done':
      return `✓ ${l10n.t('Done')}`;
    case 'already':
      return `✓ ${l10n.t('Was so already')}`;
    case 'failed':
      return `✗ ${l10n.t('Failed')}`;
    case 'unknown':
      return `? ${l10n.t('Not seen to its end')}`;
    case 'notTried':
      return `– ${l10n.t('Not tried')}`;
  }
}

/** The record of a choice of changes: what is done, what failed and why, and what was not tried. */
export function changeReportMarkdown(title: string, { steps, ok }: ChangeReport): string {
  return [
    `# ${tableCell(title)}`,
    ok
      ? l10n.t('Everything is done, and was read again and compared.')
      : l10n.t('It stopped at the first change that failed. What is done stays done; put it back with "Undo…" above.'),
    ...steps.map(stepSection),
  ]
    .join('\n\n')
    .concat('\n');
}

function stepSection({ change, outcome, failure, notes }: ChangeStep): string {
  const command = outcome === 'failed' || outcome === 'notTried' ? changeCommand(change) : undefined;
  return [
    `## ${outcomeOfChange(outcome)}: ${tableCell(change.title)}`,
    ...changeLines(change).map((line) => `- ${tableCell(line)}`),
    ...notes.map((note) => `- ${tableCell(note)}`),
    ...(failure === undefined ? [] : [`- ${tableCell(failureText(failure))}`]),
    ...(command === undefined ? [] : ['', commandBlock([command])]),
  ].join('\n');
}
