import * as l10n from '@vscode/l10n';
import type { PrepareRow, PrepareState } from '../../assess/prepare/row.ts';
import { changeLines } from '../../compare/changes/changeWords.ts';
import type { RememberedChange } from '../../compare/changes/remembered.ts';
import type { Plan } from '../../engine/plan.ts';
import type { Preparation } from '../../services/prepare/contract.ts';
import { servicesList } from '../documents/preflightReport.ts';
import { formatInstant } from '../words/format.ts';
import { tableCell } from '../words/serverText.ts';

/** State of a row as sign and word. */
export function prepareStateWords(state: PrepareState): string {
  switch (state) {
    case 'ready':
      return `✓ ${l10n.t('Ready')}`;
    case 'change':
      return `✗ ${l10n.t('To set')}`;
    case 'advice':
      return `⚠ ${l10n.t('Look at it')}`;
    case 'unknown':
      return `? ${l10n.t('Unknown')}`;
  }
}

/** What has to be set for a migration, as markdown that also reads well as plain text. */
export function prepareMarkdown(plan: Plan, preparation: Preparation, open: readonly RememberedChange[]): string {
  const { rows, takenAt } = preparation;
  return [
    `# ${l10n.t('Prepare {0}', tableCell(plan.name))}`,
    verdict(rows),
    l10n.t('Looked at {0}. Nothing is changed before you have seen it and said so.', formatInstant(takenAt)),
    servicesList(plan),
    `## ${l10n.t('Settings')}`,
    rows
      .map(({ state, title, current }) => `- ${prepareStateWords(state)}: ${tableCell(title)}: ${tableCell(current)}`)
      .join('\n'),
    ...rows.filter((row) => row.state !== 'ready' || row.guidance !== '').map(section),
    ...(open.length === 0 ? [] : [`## ${l10n.t('Changed for this migration')}`, openList(open)]),
  ]
    .join('\n\n')
    .concat('\n');
}

function verdict(rows: readonly PrepareRow[]): string {
  const count = (state: PrepareState): number => rows.filter((row) => row.state === state).length;
  const left = count('change') + count('unknown');
  const result =
    left === 0
      ? l10n.t('**Ready.** Everything that can be seen is set for this migration.')
      : l10n.t('**Not ready.** Choose "Apply…" above for what is to be set, or hand on the commands.');
  const counted = l10n.t(
    '{0} ready, {1} to set, {2} to look at, {3} unknown.',
    count('ready'),
    count('change'),
    count('advice'),
    count('unknown'),
  );
  return `${result}\n\n${counted}`;
}

function section({ state, title, current, wanted, guidance, changes, blocked, commands }: PrepareRow): string {
  return [
    `### ${prepareStateWords(state)}: ${tableCell(title)}`,
    `- ${l10n.t('Now')}: ${tableCell(current)}`,
    `- ${l10n.t('Wanted')}: ${tableCell(wanted)}`,
    ...changes.flatMap(changeLines).map((line) => `- ${l10n.t('Change')}: ${tableCell(line)}`),
    ...(guidance === '' ? [] : [`- ${tableCell(guidance)}`]),
    ...(blocked === undefined ? [] : [`- ${l10n.t('Cannot be applied here')}: ${tableCell(blocked)}`]),
    ...(commands.length === 0 ? [] : ['', commandBlock(commands)]),
  ].join('\n');
}

/** Commands in a block of their own; four fences hold whatever stands inside. */
export const commandBlock = (commands: readonly string[]): string =>
  ['````sh', ...commands.map((line) => line.replace(/[\r\n]+/g, ' ').replaceAll('````', '')), '````'].join('\n');

const openList = (open: readonly RememberedChange[]): string =>
  open
    .flatMap(({ at, change }) => changeLines(change).map((line) => `- ${formatInstant(at)}: ${tableCell(line)}`))
    .join('\n');
