import * as l10n from '@vscode/l10n';
import type { QueryDifferenceKind } from '../../compare/queries/compareAnswers.ts';
import type { QueryComparison } from '../../services/queries/compareQueries.ts';
import { markdownTable } from '../documents/markdownTable.ts';
import { formatCount } from '../words/format.ts';
import { tableCell } from '../words/serverText.ts';

export interface QueriesReport {
  readonly source: string;
  readonly target: string;
  readonly total: number;
  readonly compared: readonly QueryComparison[];
  readonly running: boolean;
}

function kindWords(kind: QueryDifferenceKind): string {
  switch (kind) {
    case 'status':
      return l10n.t('Answer');
    case 'total':
      return l10n.t('Total');
    case 'ignored':
      return l10n.t('Parameters');
    case 'matches':
      return l10n.t('Results');
    case 'order':
      return l10n.t('Order');
    case 'included':
      return l10n.t('Included');
    case 'content':
      return l10n.t('Content');
  }
}

/** What both services answered to each search, as markdown that also reads well as plain text. */
export function queriesMarkdown({ source, target, total, compared, running }: QueriesReport): string {
  const different = compared.filter(({ equal }) => !equal);
  return [
    `# ${l10n.t('Searches on {0} and {1}', tableCell(source), tableCell(target))}`,
    progressLine(total, compared.length, different.length, running),
    ...(compared.length === 0 ? [] : [overview(source, target, compared)]),
    ...different.map((one) => section(source, target, one)),
  ]
    .join('\n\n')
    .concat('\n');
}

function progressLine(total: number, done: number, different: number, running: boolean): string {
  if (running) return l10n.t('Running: {0} of {1} searches done.', done, total);
  if (done < total) return l10n.t('Stopped after {0} of {1} searches; {2} of them differ.', done, total, different);
  return different === 0
    ? l10n.t('All {0} searches give the same.', total)
    : l10n.t('{0} of {1} searches differ.', different, total);
}

function overview(source: string, target: string, compared: readonly QueryComparison[]): string {
  const told = ({ status, total: count }: QueryComparison['source']): string =>
    status === 200 ? (count === undefined ? '–' : formatCount(count)) : String(status);
  return markdownTable(
    [
      { title: l10n.t('Result') },
      { title: l10n.t('Line'), align: 'right' },
      { title: l10n.t('Search') },
      { title: source, align: 'right' },
      { title: target, align: 'right' },
      { title: l10n.t('Compared'), align: 'right' },
      { title: l10n.t('Notes') },
    ],
    compared.map((one) => [
      one.equal ? `✓ ${l10n.t('Same')}` : `✗ ${l10n.t('Different')}`,
      String(one.line),
      one.query,
      told(one.source),
      told(one.target),
      formatCount(one.compared),
      one.notes.join(' '),
    ]),
  );
}

const section = (source: string, target: string, { line, query, differences }: QueryComparison): string =>
  [
    `## ${l10n.t('Line {0}: {1}', line, tableCell(query))}`,
    markdownTable(
      [{ title: l10n.t('What') }, { title: source }, { title: target }],
      differences.map((one) => [kindWords(one.kind), one.source, one.target]),
    ),
  ].join('\n\n');
