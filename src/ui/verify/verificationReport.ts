import * as l10n from '@vscode/l10n';
import { differenceClasses } from '../../verify/differences.ts';
import { classesOf } from '../../services/verify/record.ts';
import { type Column, markdownTable } from '../documents/markdownTable.ts';
import { formatCount, formatDuration, formatInstant } from '../words/format.ts';
import { tableCell } from '../words/serverText.ts';
import { className, depthName, outcomeWords } from './differenceWords.ts';
import type { ShownVerification } from './shownVerification.ts';

/** A verification as a document: what was compared, what is equal, what is not. It holds no id and no content. */
export function verificationMarkdown({ result }: ShownVerification): string {
  const { sourceName, targetName, depth, truth, since, till, startedAt, endedAt, differences, notes } = result;
  const truths = {
    service: l10n.t('the source itself'),
    stagedFiles: l10n.t('the exported files in the staging account'),
    journal: l10n.t('the journal of the migration'),
  };
  const classes = classesOf(differences);
  const rows: readonly (readonly [string, string])[] = [
    [l10n.t('Depth'), depthName(depth)],
    [l10n.t('Compared with the target'), truths[truth]],
    [
      l10n.t('Range'),
      l10n.t(
        'from {0} to {1}',
        since === undefined ? l10n.t('the beginning') : formatInstant(since),
        till === undefined ? l10n.t('now') : formatInstant(till),
      ),
    ],
    [l10n.t('Duration'), `${formatDuration(endedAt - startedAt)} (${formatInstant(startedAt)})`],
    ...differenceClasses.map((name) => [className(name), formatCount(classes[name])] as const),
    [className('equal'), formatCount(result.types.reduce((sum, type) => sum + type.equal, 0))],
  ];
  return [
    `# ${l10n.t('Verification: {0} and {1}', tableCell(sourceName), tableCell(targetName))}`,
    `**${outcomeWords(result)}.**`,
    rows.map(([name, value]) => `- ${name}: ${tableCell(value)}`).join('\n'),
    `## ${l10n.t('Resource types')}`,
    typesTable(result),
    ...(notes.length === 0
      ? []
      : [`## ${l10n.t('What this proves')}`, notes.map((note) => `- ${tableCell(note)}`).join('\n')]),
  ]
    .join('\n\n')
    .concat('\n');
}

function typesTable({ types, differences, depth, sourceName, targetName }: ShownVerification['result']): string {
  if (types.length === 0) return l10n.t('There was nothing to compare.');
  const ledger = depth === 'ledger';
  const columns: readonly Column[] = [
    { title: l10n.t('Resource type') },
    { title: ledger ? l10n.t('Exported') : sourceName, align: 'right' },
    { title: ledger ? l10n.t('Arrived') : targetName, align: 'right' },
    { title: className('equal'), align: 'right' },
    ...(ledger ? [] : differenceClasses.map((name): Column => ({ title: className(name), align: 'right' }))),
    { title: l10n.t('Not read'), align: 'right' },
  ];
  const known = (value: number | undefined): string => (value === undefined ? l10n.t('unknown') : formatCount(value));
  return markdownTable(
    columns,
    types.map(({ type, source, target, equal, unread }) => {
      const classes = classesOf(differences.filter((difference) => difference.type === type));
      const counts = ledger ? [] : differenceClasses.map((name) => formatCount(classes[name]));
      return [type, known(source), known(target), formatCount(equal), ...counts, formatCount(unread)];
    }),
  );
}
