import * as vscode from 'vscode';
import { back } from '../platform/prompts.ts';
import { runSteps, type Step } from '../plan/steps.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';

interface Answers {
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret: string;
}

/** Asks for tenant, client and secret of a service principal. The secret goes to the secret storage and nowhere else. */
export async function addClientSecret(ui: Ui): Promise<void> {
  const { tenantId, clientId } = ui.settings();
  const step = (id: keyof Answers, prompt: string): Step<Answers> => ({
    id,
    ask: async (answers, place) => {
      const typed = await ui.prompts.input({
        id: `clientSecret.${id}`,
        title: vscode.l10n.t('Service Principal'),
        ...place,
        prompt,
        value: answers[id],
        password: id === 'secret',
        problem: (text) => (text.trim() === '' ? vscode.l10n.t('This is needed.') : undefined),
      });
      return typed === undefined || typed === back ? typed : { [id]: typed.trim() };
    },
  });
  const answers = await runSteps(
    [
      step('tenantId', vscode.l10n.t('Directory (tenant) id or domain')),
      step('clientId', vscode.l10n.t('Application (client) id')),
      step('secret', vscode.l10n.t('Client secret: its value, not its id')),
    ],
    { tenantId: tenantId ?? '', clientId: clientId ?? '', secret: '' },
  );
  if (answers === undefined) throw left();
  const settings = vscode.workspace.getConfiguration('fhirMigration');
  await ui.signIn.storeClientSecret(answers);
  await settings.update('authentication.tenantId', answers.tenantId, vscode.ConfigurationTarget.Global);
  await settings.update('authentication.clientId', answers.clientId, vscode.ConfigurationTarget.Global);
  await settings.update('authentication.method', 'clientSecret', vscode.ConfigurationTarget.Global);
  await ui.catalog.refresh();
}
