import * as l10n from '@vscode/l10n';
import { type AspectComparison, type ComparedEntry, entryKey, hasFailed } from '../../compare/comparison.ts';
import { sameOfMany } from '../../compare/sameOfMany.ts';
import { markdownTable } from '../documents/markdownTable.ts';
import { failureText } from '../feedback/failureWords.ts';
import { tableCell } from '../words/serverText.ts';
import type { ShownComparison } from './driftList.ts';
import { aspectName, entryWords, whenWords } from './driftWords.ts';

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
  const stateOf = (entry: ComparedEntry): string =>
    excluded.has(entryKey(aspect, entry)) ? l10n.t('set aside, {0}', entryWords(entry)) : entryWords(entry);
  const shown = entries.filter(({ state }) => state !== 'copied');
  const { together, alone } = sameOfMany(shown, (entry) => ({ ...entry, source: stateOf(entry) }));
  const rowOf = (name: string, entry: ComparedEntry | undefined): readonly (readonly string[])[] =>
    entry === undefined ? [] : [[name, stateOf(entry), whenWords(entry.when) ?? '', entry.guidance]];
  const rows = [
    ...together.flatMap(({ what, items }) => {
      const types = items.map(({ path }) => path[0] ?? '').join(', ');
      return rowOf(`${what.join(' › ')} (${types})`, items[0]);
    }),
    ...alone.flatMap((entry) => rowOf(entry.path.join(' › '), entry)),
  ];
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
