import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { PlanInput } from '../../engine/plan.ts';
import { FailureError } from '../../failure/failure.ts';
import { back } from '../platform/prompts.ts';
import { left } from '../commands/askFor.ts';
import type { Ui } from '../ui.ts';

type Staging = PlanInput['staging'];

/**
 * Does something with the definitions of a source. One that refuses to be read is known by its exported files; where no
 * migration of it is known here, the user is asked where they lie.
 */
export async function withStaging<T>(
  ui: Ui,
  source: DiscoveredService,
  work: (staging: Staging | undefined) => Promise<T>,
): Promise<T> {
  try {
    return await work(undefined);
  } catch (error) {
    if (!FailureError.is(error, 'retired')) throw error;
    return work(await askForStaging(ui, source));
  }
}

/** Asks where the exported files of a source lie. @throws FailureError `cancelled` when the user left */
export async function askForStaging(ui: Ui, source: DiscoveredService): Promise<Staging> {
  const answer = await ui.prompts.message({
    id: 'staging.retired',
    severity: 'warning',
    text: vscode.l10n.t(
      '{0} answers only exports: its definitions are taken from exported files. Where do they lie?',
      source.name,
    ),
    buttons: [{ id: 'choose', label: vscode.l10n.t('Name the Storage Account…') }],
  });
  if (answer === undefined) throw left();
  const account = await ask(
    ui,
    'staging.account',
    vscode.l10n.t('Storage account with an export of everything, by name or Azure resource id'),
    source.exportStorageAccount,
  );
  const container = await ask(ui, 'staging.container', vscode.l10n.t('Container of the export'), 'migration');
  const { signal } = new AbortController();
  return { ...(await (await ui.services()).storageAccount(account, source.tenantId, signal)), container };
}

async function ask(ui: Ui, id: string, prompt: string, value: string | undefined): Promise<string> {
  const answer = await ui.prompts.input({
    id,
    title: vscode.l10n.t('Take from Exported Files'),
    prompt,
    ...(value === undefined ? {} : { value }),
    problem: (text) => (text.trim() === '' ? vscode.l10n.t('A name is needed.') : undefined),
  });
  if (answer === undefined || answer === back) throw left();
  return answer.trim();
}
