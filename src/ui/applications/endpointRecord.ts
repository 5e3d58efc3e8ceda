import * as l10n from '@vscode/l10n';
import { markdownTable } from '../documents/markdownTable.ts';
import { formatCount } from '../words/format.ts';
import { tableCell } from '../words/serverText.ts';

/** A place where a file names the old address. */
export interface Place {
  /** As the editor names it, from the folder of the workspace. */
  readonly file: string;
  /** From one. */
  readonly line: number;
  /** What stands there afterwards. */
  readonly replacement: string;
}

/** What a search for an old address came to. */
export interface Found {
  /** Files that were looked at. */
  readonly files: number;
  readonly places: readonly Place[];
  /** Files that were not looked into for their size. */
  readonly tooLarge: readonly string[];
  /** There are more files than one search lists. */
  readonly isCut: boolean;
}

interface Named {
  readonly name: string;
  readonly endpoint: string;
}

const namedAtMost = 5;

/** What a search left out, in sentences; none when it looked at everything. */
export function notLookedInto({ files, tooLarge, isCut }: Found): readonly string[] {
  const named = tooLarge.slice(0, namedAtMost).join(', ');
  const more = tooLarge.length > namedAtMost ? ', …' : '';
  return [
    ...(tooLarge.length === 0
      ? []
      : [l10n.t('{0} files of more than 16 MB were not looked into: {1}.', tooLarge.length, `${named}${more}`)]),
    ...(isCut
      ? [l10n.t('Only {0} files were looked at; search smaller folders for the rest.', formatCount(files))]
      : []),
  ];
}

/** Where the old address stood, as markdown for those who review the change. */
export function endpointRecord(source: Named, target: Named, found: Found): string {
  const rows = found.places.map(({ file, line, replacement }) => [file, String(line), replacement]);
  const columns = [{ title: l10n.t('File') }, { title: l10n.t('Line') }, { title: l10n.t('New address') }];
  return [
    `# ${l10n.t('Address of {0} replaced by that of {1}', tableCell(source.name), tableCell(target.name))}`,
    tableCell(`${source.endpoint} → ${target.endpoint}`),
    markdownTable(columns, rows),
    ...notLookedInto(found).map(tableCell),
    '',
  ].join('\n\n');
}
