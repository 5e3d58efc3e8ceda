import * as l10n from '@vscode/l10n';
import type { MigrationOverview, TypeTotals } from '../../engine/overview.ts';
import { sumTotals } from '../../engine/totals.ts';
import { sentence } from '../feedback/failureWords.ts';
import { formatCount, formatDuration, formatInstant, formatRate } from '../words/format.ts';
import { exportModeWords, phaseName } from '../words/migrationWords.ts';
import { tableCell } from '../words/serverText.ts';
import { markdownTable, type Column } from './markdownTable.ts';
import { scopeWords } from './planSummaryDocument.ts';
import { servicesList } from './preflightReport.ts';

/** The summary of a migration: what was moved, what was not, where it lies. True at any time, final at the end. */
export function migrationSummaryMarkdown(overview: MigrationOverview, now: number): string {
  const { plan, progress, staging } = overview;
  return [
    `# ${l10n.t('Migration: {0}', tableCell(overview.name))}`,
    `**${phaseName(overview.phase)}.** ${verdict(overview)}`,
    servicesList(plan),
    `## ${l10n.t('Result')}`,
    list([
      [l10n.t('Duration'), duration(overview, now)],
      [l10n.t('Windows'), `${formatCount(progress.windowsDone)} / ${formatCount(progress.windowsKnown)}`],
      [l10n.t('Exported'), formatCount(progress.exported)],
      [l10n.t('Imported'), formatCount(progress.imported)],
      [l10n.t('Average'), progress.rateAverage === undefined ? undefined : formatRate(progress.rateAverage)],
      [
        l10n.t('On the target are all changes before'),
        overview.watermark === undefined ? undefined : formatInstant(overview.watermark),
      ],
      [
        l10n.t('Verified are all changes before'),
        overview.verification.until === undefined ? undefined : formatInstant(overview.verification.until),
      ],
      [
        overview.sync?.purpose === 'follow' ? l10n.t('Recovery point') : l10n.t('Copied until'),
        overview.sync?.copiedUntil === undefined ? undefined : formatInstant(overview.sync.copiedUntil),
      ],
      [l10n.t('Freeze'), freezeWords(overview)],
      [l10n.t('Exports'), exportModeWords(overview.exportMode)],
      [l10n.t('Staged files'), `${staging.account}/${staging.container}`],
      [
        l10n.t('Folders'),
        staging.folders.length === 0
          ? undefined
          : staging.folders.slice(0, 20).join(', ') + more(staging.folders.length - 20),
      ],
    ]),
    `## ${l10n.t('Resource types')}`,
    typesTable(overview),
    ...(overview.attention.length === 0
      ? []
      : [
          `## ${l10n.t('Needs attention')}`,
          overview.attention.map(({ failure }) => `- ${tableCell(sentence(failure))}`).join('\n'),
        ]),
    ...(overview.notes.length === 0
      ? []
      : [`## ${l10n.t('Notes')}`, overview.notes.map((note) => `- ${tableCell(note)}`).join('\n')]),
    `## ${l10n.t('Plan')}`,
    scopeWords(plan),
  ]
    .join('\n\n')
    .concat('\n');
}

/** How a migration ended, or stands, in one sentence. */
export function verdict(overview: MigrationOverview): string {
  const totals = sumTotals(Object.values(overview.totals));
  const moved =
    totals.alreadyThere === 0
      ? l10n.t('{0} resources imported.', formatCount(totals.imported))
      : l10n.t(
          '{0} resources imported, {1} already there.',
          formatCount(totals.imported),
          formatCount(totals.alreadyThere),
        );
  const lost = totals.failed + totals.unaccounted;
  if (lost === 0) return moved;
  return `${moved} ${l10n.t('{0} failed, {1} not accounted for.', formatCount(totals.failed), formatCount(totals.unaccounted))}`;
}

function typesTable(overview: MigrationOverview): string {
  const entries = Object.entries(overview.totals).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return l10n.t('Nothing was exported yet.');
  const all = sumTotals(Object.values(overview.totals));
  const numbers: (readonly [string, (totals: TypeTotals) => number | undefined, boolean])[] = [
    [l10n.t('Exported'), ({ exported }) => exported, true],
    [l10n.t('Imported'), ({ imported }) => imported, true],
    [l10n.t('Already there'), ({ alreadyThere }) => alreadyThere, all.alreadyThere > 0],
    [l10n.t('Failed'), ({ failed }) => failed, all.failed > 0],
    [l10n.t('Unaccounted'), ({ unaccounted }) => unaccounted, all.unaccounted > 0],
    [l10n.t('On source'), ({ onSource }) => onSource, entries.some(([, totals]) => totals.onSource !== undefined)],
    [l10n.t('On target'), ({ onTarget }) => onTarget, entries.some(([, totals]) => totals.onTarget !== undefined)],
  ];
  // A column that says nothing for any type is left out, so that the table stays readable in a narrow editor.
  const shown = numbers.filter(([, , wanted]) => wanted);
  const row = (name: string, totals: TypeTotals): readonly string[] => [
    name,
    ...shown.map(([, valueOf]) => {
      const value = valueOf(totals);
      return value === undefined ? l10n.t('unknown') : formatCount(value);
    }),
  ];
  const columns: readonly Column[] = [
    { title: l10n.t('Resource type') },
    ...shown.map(([title]): Column => ({ title, align: 'right' })),
  ];
  return markdownTable(columns, [...entries.map(([type, totals]) => row(type, totals)), row(l10n.t('Total'), all)]);
}

/** The proof that the source was frozen when the last window was taken. */
function freezeWords({ finish }: MigrationOverview): string | undefined {
  if (finish === undefined) return undefined;
  const { state, freezeToDoneMs, newestBefore, newestAfter } = finish;
  const at = (instant: number | undefined): string =>
    instant === undefined ? l10n.t('unknown') : new Date(instant).toISOString();
  const newest = l10n.t('newest change before {0}, after {1}', at(newestBefore), at(newestAfter));
  const took = freezeToDoneMs === undefined ? undefined : formatDuration(freezeToDoneMs);
  switch (state) {
    case 'draining':
    case 'proving':
      return l10n.t('not proved yet');
    case 'written':
      return l10n.t('broken: the source was written ({0})', newest);
    case 'unproven':
      return l10n.t('not proved: the source could not be asked; freeze to done {0}', took ?? '–');
    case 'frozen':
      return l10n.t('proved: {0}; freeze to done {1}', newest, took ?? '–');
  }
}

function duration({ startedAt, endedAt }: MigrationOverview, now: number): string | undefined {
  if (startedAt === undefined) return undefined;
  const length = formatDuration((endedAt ?? now) - startedAt);
  return endedAt === undefined
    ? l10n.t('{0} so far', length)
    : `${length} (${formatInstant(startedAt)} – ${formatInstant(endedAt)})`;
}

const list = (rows: readonly (readonly [string, string | undefined])[]): string =>
  rows
    .filter((row): row is readonly [string, string] => row[1] !== undefined)
    .map(([name, value]) => `- ${name}: ${tableCell(value)}`)
    .join('\n');

const more = (count: number): string => (count > 0 ? ` ${l10n.t('and {0} more', formatCount(count))}` : '');
