import * as l10n from '@vscode/l10n';
import type { PermissionState } from '../../compare/changes/carryPermissions.ts';
import type { PermissionPlan } from '../../services/configuration/contract.ts';
import { markdownTable } from '../documents/markdownTable.ts';
import { tableCell } from '../words/serverText.ts';

/** What becomes of a right, as sign and word. */
export function permissionWords(state: PermissionState): string {
  switch (state) {
    case 'held':
      return `✓ ${l10n.t('Held')}`;
    case 'assign':
      return `✗ ${l10n.t('To assign')}`;
    case 'foreign':
      return `⚠ ${l10n.t('Of another tenant')}`;
    case 'check':
      return `? ${l10n.t('Look at it')}`;
  }
}

/** Who may use the data of a source, what the target needs for the same, and what applications must change. */
export function permissionMarkdown({ source, target, rows, clients }: PermissionPlan): string {
  const open = rows.filter(({ state }) => state !== 'held');
  return [
    `# ${l10n.t('Permissions of {0} for {1}', tableCell(source.name), tableCell(target.name))}`,
    open.length === 0
      ? l10n.t('**Ready.** Everybody who may use the data of the source may use that of the target.')
      : l10n.t('{0} of {1} rights are not held on the target.', open.length, rows.length),
    `## ${l10n.t('Rights to data')}`,
    rows.length === 0
      ? l10n.t('Nobody holds a role for data on the source or above it, and it has no access policies.')
      : markdownTable(
          [
            { title: l10n.t('Target') },
            { title: l10n.t('Role') },
            { title: l10n.t('Who') },
            { title: l10n.t('On the source') },
            { title: l10n.t('What to do') },
          ],
          rows.map(({ state, role, principalType, principalId, from, guidance, blocked }) => [
            permissionWords(state),
            role,
            `${principalType ?? l10n.t('Principal')} ${principalId}`,
            from,
            blocked ?? guidance,
          ]),
        ),
    `## ${l10n.t('Applications')}`,
    l10n.t('Every application that uses the source must change this:'),
    clients.changes
      .map(({ what, from, to }) => `- ${tableCell(what)}: ${tableCell(from)} → ${tableCell(to)}`)
      .join('\n'),
    clients.notes.map((note) => `- ${tableCell(note)}`).join('\n'),
    ...(clients.applications.length === 0
      ? []
      : [
          l10n.t('Applications and identities with rights to the data, by object id:'),
          clients.applications.map((id) => `- ${tableCell(id)}`).join('\n'),
        ]),
  ]
    .join('\n\n')
    .concat('\n');
}
