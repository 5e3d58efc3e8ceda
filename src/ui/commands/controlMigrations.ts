import * as vscode from 'vscode';
import type { ControlRequest } from '../../engine/ports.ts';
import type { MigrationState } from '../migrations/migrationState.ts';
import type { Ui } from '../ui.ts';
import { phaseName } from '../words/migrationWords.ts';
import { left } from './askFor.ts';
import { chosenMigrations } from './chosenMigrations.ts';
import type { Command } from './command.ts';
import { approveTakeOver } from './takeOver.ts';

/** The command that asks something of migrations: of those selected, or of one that the user picks. */
export function controlMigrations(request: ControlRequest): Command {
  return async (ui, clicked, selected) => {
    const { chosen, leftOut } = await chosenMigrations(ui, [clicked, selected], request, titleOf(request));
    if (request === 'cancel' && !(await confirmCancel(ui, chosen))) throw left();
    for (const { overview } of chosen) {
      ui.log.info(`Migration asked to ${request}`, { migration: overview.id });
      if (request !== 'pause' && request !== 'cancel') {
        await ui.signIn.ensureFor(overview.plan, new AbortController().signal);
      }
      const handle = ui.migrations.handle(overview.id);
      if (handle === undefined) continue;
      if (handle.driver() === undefined) await approveTakeOver(ui, handle);
      await handle.control(request);
    }
    if (leftOut.length > 0) await tellLeftOut(ui, request, leftOut);
  };
}

function titleOf(request: ControlRequest): string {
  switch (request) {
    case 'pause':
      return vscode.l10n.t('Pause Migration');
    case 'resume':
      return vscode.l10n.t('Resume Migration');
    case 'retry':
      return vscode.l10n.t('Retry Migration');
    case 'catchUp':
      return vscode.l10n.t('Catch Up Migration');
    case 'keepSyncing':
      return vscode.l10n.t('Keep Migration in Sync');
    case 'cancel':
      return vscode.l10n.t('Cancel Migration');
  }
}

async function confirmCancel(ui: Ui, states: readonly MigrationState[]): Promise<boolean> {
  const names = states.map(({ overview }) => overview.name).join(', ');
  const answer = await ui.prompts.message({
    id: 'cancel.confirm',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t('Cancel {0}?', names),
    detail: [...states.flatMap(operationLines), '']
      .join('\n')
      .concat(
        vscode.l10n.t(
          'Exports and imports that run on the services are cancelled there. What was imported stays on the target, staged files stay in the staging account, and the journal is kept. A cancelled migration cannot be resumed; to stop for a while, stop or pause it instead.',
        ),
      ),
    buttons: [{ id: 'cancel', label: vscode.l10n.t('Cancel Migration') }],
  });
  return answer === 'cancel';
}

/** What will be cancelled, one line each. */
function operationLines({ overview }: MigrationState): readonly string[] {
  return overview.operations.map(({ id, kind, jobId }) => {
    const job = jobId ?? vscode.l10n.t('unknown');
    return kind === 'export'
      ? vscode.l10n.t('Export {0}, job {1} on {2}', id, job, overview.plan.source.name)
      : vscode.l10n.t('Import {0}, job {1} on {2}', id, job, overview.plan.target.name);
  });
}

async function tellLeftOut(ui: Ui, request: ControlRequest, states: readonly MigrationState[]): Promise<void> {
  const names = states.map(({ overview }) => `${overview.name} (${phaseName(overview.phase)})`).join(', ');
  await ui.prompts.message({
    id: 'leftOut',
    severity: 'info',
    text: vscode.l10n.t('{0}: left out, because of their state: {1}', titleOf(request), names),
    buttons: [],
  });
}
