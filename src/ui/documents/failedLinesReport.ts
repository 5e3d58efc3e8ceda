import * as l10n from '@vscode/l10n';
import type { FailedLine } from '../../engine/run/failedLines.ts';
import { formatCount } from '../words/format.ts';
import { tableCell } from '../words/serverText.ts';
import { markdownTable } from './markdownTable.ts';

/** Lines that a report lists; the command line lists all. */
const listed = 5_000;

/** The failed lines of a migration as a report: which resources they are, and why the target does not have them. */
export function failedLinesMarkdown(name: string, window: string | undefined, lines: readonly FailedLine[]): string {
  const total = lines.reduce((sum, line) => sum + line.lines, 0);
  const open = lines.reduce((sum, line) => sum + (line.accepted ? 0 : line.lines), 0);
  const title =
    window === undefined
      ? l10n.t('Failed lines: {0}', tableCell(name))
      : l10n.t('Failed lines of window {1}: {0}', tableCell(name), window);
  if (lines.length === 0)
    return `# ${title}\n\n${l10n.t('The target holds every line by now. Where the migration still counts lines as failed, Retry counts anew.')}\n`;
  return [
    `# ${title}`,
    l10n.t(
      '{0} lines were refused and are not on the target; {1} are not decided.',
      formatCount(total),
      formatCount(open),
    ),
    l10n.t(
      'The list was read from the error files of the imports just now and is kept nowhere. Retry imports these lines alone; accepting them leaves them behind.',
    ),
    `## ${l10n.t('Reasons')}`,
    [...reasonsOf(lines)].map(([reason, count]) => `- ${reasonWords(reason)}: ${formatCount(count)}`).join('\n'),
    `## ${l10n.t('Lines')}`,
    markdownTable(
      [
        { title: l10n.t('Window') },
        { title: l10n.t('Resource') },
        { title: l10n.t('Version') },
        { title: l10n.t('Last updated (UTC)') },
        { title: l10n.t('Reason') },
        { title: l10n.t('Decision') },
      ],
      lines
        .slice(0, listed)
        .map((line) => [
          line.window,
          line.id === undefined
            ? l10n.t('{0}: {1} lines of which nothing is known', line.type, formatCount(line.lines))
            : `${line.type}/${line.id}`,
          line.versionId ?? '',
          line.lastUpdated === undefined ? '' : new Date(line.lastUpdated).toISOString(),
          reasonWords(line.reason),
          line.accepted ? l10n.t('Accepted') : l10n.t('Open'),
        ]),
    ),
    ...(lines.length > listed ? [l10n.t('And {0} more.', formatCount(lines.length - listed))] : []),
  ]
    .join('\n\n')
    .concat('\n');
}

function reasonsOf(lines: readonly FailedLine[]): ReadonlyMap<FailedLine['reason'], number> {
  const reasons = new Map<FailedLine['reason'], number>();
  for (const { reason, lines: count } of lines) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  return reasons;
}

/** Why an import refused a line, in the user's words. */
export function reasonWords(reason: FailedLine['reason']): string {
  switch (reason) {
    case 'duplicate':
      return l10n.t('Another version with the same date was in the same import');
    case 'conflict':
      return l10n.t('Version conflict');
    case 'invalid':
      return l10n.t('Not a valid resource');
    case 'tooLarge':
      return l10n.t('Too large');
    case 'searchParameter':
      return l10n.t('Search parameter');
    case 'future':
      return l10n.t('Dated ahead of the target’s clock');
    case 'unknown':
      return l10n.t('The service gave no reason');
    case 'unread':
      return l10n.t('The error file does not tell');
  }
}
