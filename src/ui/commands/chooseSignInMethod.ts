import * as vscode from 'vscode';
import { back } from '../platform/prompts.ts';
import type { SignInMethod } from '../platform/settings.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';

/** Chooses how to sign in: VS Code's account, the Azure CLI, or a service principal. */
export async function chooseSignInMethod(ui: Ui): Promise<void> {
  const { method } = ui.settings();
  const choices: readonly { label: string; detail: string; icon: string; value: SignInMethod }[] = [
    {
      label: vscode.l10n.t('Microsoft account of VS Code'),
      detail: vscode.l10n.t('You sign in once, in the browser. Tenants may ask again.'),
      icon: 'account',
      value: 'vscode',
    },
    {
      label: vscode.l10n.t('Azure CLI'),
      detail: vscode.l10n.t('The account that "az login" signed in.'),
      icon: 'terminal',
      value: 'azureCli',
    },
    {
      label: vscode.l10n.t('Service principal with a client secret'),
      detail: vscode.l10n.t('For automation accounts. The secret is kept in the secret storage of VS Code.'),
      icon: 'key',
      value: 'clientSecret',
    },
  ];
  const answer = await ui.prompts.pick({
    id: 'signIn.method',
    title: vscode.l10n.t('How to sign in to Azure'),
    choices: choices.map((choice) => ({ ...choice, picked: choice.value === method })),
  });
  if (answer === undefined || answer === back) throw left();
  await vscode.workspace
    .getConfiguration('fhirMigration')
    .update('authentication.method', answer, vscode.ConfigurationTarget.Global);
  await vscode.commands.executeCommand(
    answer === 'clientSecret' ? 'fhirMigration.addClientSecret' : 'fhirMigration.signIn',
  );
}
