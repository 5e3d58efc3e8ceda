import * as l10n from '@vscode/l10n';
import type { CheckItem } from '../../cutover/decommission.ts';
import type { CleanupItem } from '../../cutover/cleanupPlan.ts';
import { bytes } from '../../report/words.ts';
import type { CleanupResult } from '../../services/cleanup/contract.ts';
import { evidenceList } from '../documents/evidenceList.ts';
import { markdownTable } from '../documents/markdownTable.ts';
import { sentence } from '../feedback/failureWords.ts';
import { formatCount } from '../words/format.ts';
import { plainMarkdown, tableCell } from '../words/serverText.ts';

/** Files that a page lists one by one. */
const shown = 200;

/** How much an item is, in words; empty for what has no size. */
export function sizeWords({ kind, files, bytes: size, leased, immutable }: CleanupItem): string {
  if (kind === 'container' || kind === 'change') return '';
  return [
    l10n.t('{0} files, {1}', formatCount(files), bytes(size)),
    ...(leased > 0 ? [l10n.t('{0} leased', formatCount(leased))] : []),
    ...(immutable > 0 ? [l10n.t('{0} immutable', formatCount(immutable))] : []),
  ].join(', ');
}

function reasonWords(reason: string): string {
  switch (reason) {
    case 'leased':
      return l10n.t('somebody holds a lease on it');
    case 'immutable':
      return l10n.t('a policy or a legal hold keeps it');
    case 'changed':
      return l10n.t('it was changed since it was listed');
    case 'forbidden':
      return l10n.t('deleting it needs the role Storage Blob Data Contributor');
    default:
      return l10n.t('deleting it failed');
  }
}

/** What a clean-up took away, what is still there and why. */
export function cleanupMarkdown(name: string, { record, kept, failures }: CleanupResult): string {
  const { blobs, errorFiles, bytes: size, containers, changes, proved, digest } = record;
  return [
    `# ${l10n.t('Clean-up of {0}', plainMarkdown(name))}`,
    l10n.t('{0} files ({1}) were deleted.', formatCount(blobs + errorFiles), bytes(size)),
    proved
      ? l10n.t('A listing after the last deletion shows none of them.')
      : l10n.t('It is not proved that they are gone: another listing failed or still shows some.'),
    l10n.t('SHA-256 of their names and ETags, which the journal holds as well: {0}', `\`${digest}\``),
    ...(containers.length === 0 ? [] : [l10n.t('Containers deleted: {0}', containers.map(tableCell).join(', '))]),
    ...(changes.length === 0 ? [] : [l10n.t('Put back: {0}', changes.map(tableCell).join(', '))]),
    ...(failures.length === 0
      ? []
      : [`## ${l10n.t('What went wrong')}`, failures.map((failure) => `- ${tableCell(sentence(failure))}`).join('\n')]),
    ...(kept.length === 0
      ? []
      : [
          `## ${l10n.t('Still there')}`,
          l10n.t('Clean up again when what keeps these files is over; nothing else has to be done until then.'),
          markdownTable(
            [{ title: l10n.t('File') }, { title: l10n.t('Why') }],
            kept.slice(0, shown).map(({ container, path, reason }) => [`${container}/${path}`, reasonWords(reason)]),
          ),
          ...(kept.length > shown ? [l10n.t('and {0} more', formatCount(kept.length - shown))] : []),
        ]),
  ]
    .join('\n\n')
    .concat('\n');
}

function stateWords(state: CheckItem['state']): string {
  switch (state) {
    case 'done':
      return l10n.t('Done');
    case 'open':
      return l10n.t('Open');
    case 'unknown':
      return l10n.t('Unknown');
    case 'byHand':
      return l10n.t('By hand');
  }
}

const signs: Readonly<Record<CheckItem['state'], string>> = { done: '✓', open: '✗', unknown: '?', byHand: '☐' };

/** The checklist before a source is deleted. */
export function decommissionMarkdown(name: string, items: readonly CheckItem[]): string {
  return [
    `# ${l10n.t('Decommission checklist: {0}', plainMarkdown(name))}`,
    l10n.t(
      'The source and its storage are never changed or deleted from here. What only you can know or do is marked so.',
    ),
    evidenceList(
      items.map(({ state, title, evidence, at }) => ({
        sign: signs[state],
        state: stateWords(state),
        title,
        evidence,
        at,
      })),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}
