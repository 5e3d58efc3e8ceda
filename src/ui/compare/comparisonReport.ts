import * as l10n from '@vscode/l10n';
import { type AspectComparison, entryKey, hasFailed } from '../../compare/comparison.ts';
import { markdownTable } from '../documents/markdownTable.ts';
import { failureText } from '../feedback/failureWords.ts';
import { tableCell } from '../words/serverText.ts';
import type { ShownComparison } from './driftList.ts';
import { aspectName, stateWords, whenWords } from './driftWords.ts';

/** What differs between two services, with when and how to set it, as markdown that also reads well as plain text. */
export function comparisonReport({ comparison, excluded }: ShownComparison): string {
  const { source, target, aspects } = comparison;
  return [
    `# ${l10n.t('Comparison of {0} and {1}', tableCell(source.name), tableCell(target.name))}`,
    ...aspects.flatMap((result) => [
      `## ${aspectName(result.aspect)}`,
      hasFailed(result) ? tableCell(failureText(result.failure)) : table(result, excluded),
    ]),
  ]
    .join('\n\n')
    .concat('\n');
}

function table({ aspect, entries, sourceFrom, notes = [] }: AspectComparison, excluded: ReadonlySet<string>): string {
  const rows = entries
    .filter(({ state }) => state !== 'copied')
    .map((entry) => [
      entry.path.join(' › '),
      excluded.has(entryKey(aspect, entry))
        ? l10n.t('set aside, {0}', stateWords(entry.state))
        : stateWords(entry.state),
      whenWords(entry.when) ?? '',
      entry.guidance,
    ]);
  const told = [
    ...(sourceFrom === 'stagedFiles'
      ? [l10n.t('The source refuses to be read; its exported files stand for it.')]
      : []),
    ...notes.map(tableCell),
    rows.length === 0
      ? l10n.t('Both are the same.')
      : markdownTable(
          [
            { title: l10n.t('What') },
            { title: l10n.t('State') },
            { title: l10n.t('Configure') },
            { title: l10n.t('What to do') },
          ],
          rows,
        ),
  ];
  return told.join('\n\n');
}
