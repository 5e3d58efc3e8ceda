import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { permissionScript } from '../../compare/changes/permissionScript.ts';
import { FailureError } from '../../failure/failure.ts';
import type { PermissionPlan } from '../../services/configuration/contract.ts';
import { left } from '../commands/askFor.ts';
import { compareAgain } from '../commands/compare.ts';
import { pairFor } from '../commands/pair.ts';
import type { DocumentAction } from '../documents/editorDocuments.ts';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { applyWithConsent } from './applyWithConsent.ts';
import { openNew } from './carryConfiguration.ts';
import { permissionMarkdown } from './permissionReport.ts';

/** A page that is open, as the buttons above it hand it on. */
export interface ShownPermissions {
  readonly page: vscode.Uri;
  readonly permissions: PermissionPlan;
  readonly source: DiscoveredService;
  readonly target: DiscoveredService;
}

/** Opens the page of who may use the data of the source, and what the target and the applications need. */
export async function carryPermissions(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const title = vscode.l10n.t('Carry Permissions Over');
  const { source, target } = await pairFor(ui, { id: 'carryPermissions', title }, clicked, selected);
  const page = ui.documents.create('permissions', `Permissions for ${target.name}`, 'md', '');
  await look(ui, source, target, page);
  await ui.documents.show(page);
}

/** Assigns roles that the user chooses from an open page, and looks again. */
export async function assignPermissions(ui: Ui, clicked: unknown): Promise<void> {
  const { permissions, page, source, target } = shownOf(clicked);
  const title = vscode.l10n.t('Assign roles on {0}', target.name);
  const chosen = await ui.prompts.pickMany({
    id: 'assignPermissions.rows',
    title,
    placeholder: vscode.l10n.t('Each role is assigned on the target itself, not above it.'),
    nothing: () => vscode.l10n.t('No role is left to assign.'),
    choices: permissions.rows
      .filter(({ state }) => state !== 'held')
      .map((row) => {
        const unavailable = row.blocked ?? (row.change === undefined ? row.guidance : undefined);
        return {
          label: row.role,
          description: `${row.principalType ?? ''} ${row.principalId}`.trim(),
          detail: row.guidance,
          value: row,
          picked: unavailable === undefined,
          ...(unavailable === undefined ? {} : { unavailable }),
        };
      }),
  });
  if (chosen === undefined || chosen === back || chosen.length === 0) throw left();
  const changes = chosen.flatMap(({ change }) => change ?? []);
  try {
    await applyWithConsent(ui, { title, pair: permissions.pair, changes, resources: {} });
  } finally {
    await look(ui, source, target, page);
    await compareAgain(ui, source, target);
  }
}

/** Opens the assignments as a shell script, for somebody who may assign roles. */
export async function exportPermissions(_ui: Ui, clicked: unknown): Promise<void> {
  const { permissions, target } = shownOf(clicked);
  await openNew(permissionScript(target.name, permissions.rows), 'shellscript');
}

async function look(ui: Ui, source: DiscoveredService, target: DiscoveredService, page: vscode.Uri): Promise<void> {
  const words = vscode.l10n.t('Looking at the permissions of {0} and {1}', source.name, target.name);
  const permissions = await withProgress('notification', words, async (signal) => {
    await ui.signIn.ensureForServices([source, target], signal);
    return (await ui.services()).carry.permissions(source, target, signal);
  });
  ui.documents.update(page, permissionMarkdown(permissions));
  ui.documents.setActions(page, actionsFor({ page, permissions, source, target }));
}

const actionsFor = (shown: ShownPermissions): readonly DocumentAction[] => [
  { title: vscode.l10n.t('$(person-add) Assign…'), command: 'fhirMigration.assignPermissions', arguments: [shown] },
  { title: vscode.l10n.t('$(terminal) As Script'), command: 'fhirMigration.exportPermissions', arguments: [shown] },
  {
    title: vscode.l10n.t('$(refresh) Look Again'),
    command: 'fhirMigration.carryPermissions',
    arguments: [shown.source.id, [shown.source.id, shown.target.id]],
  },
];

function shownOf(argument: unknown): ShownPermissions {
  if (typeof argument === 'object' && argument !== null && 'permissions' in argument && 'page' in argument)
    return argument as ShownPermissions;
  throw new FailureError({
    kind: 'invalidInput',
    message: vscode.l10n.t('Roles are assigned from the page of the permissions.'),
    nextStep: vscode.l10n.t('Run "Carry Permissions Over…" for two services, then choose "Assign…" above the page.'),
  });
}
