import * as vscode from 'vscode';
import { FailureError } from '../../failure/failure.ts';
import { back } from '../platform/prompts.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';
import { nodeOf } from './selection.ts';

/** Takes added servers off the list. The servers themselves are not touched. */
export async function removeServer(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const all = Array.isArray(selected) && selected.length > 0 ? (selected as readonly unknown[]) : [clicked];
  const named = all
    .map((argument) => (typeof argument === 'string' ? argument : nodeOf(argument)?.storedAddress))
    .filter((address) => typeof address === 'string');
  const addresses = named.length > 0 ? named : [await askForAddress(ui)];
  for (const address of addresses) await ui.catalog.remove(address);
}

async function askForAddress(ui: Ui): Promise<string> {
  const addresses = ui.memory.addedServers;
  if (addresses.length === 0) {
    throw new FailureError({ kind: 'invalidInput', message: vscode.l10n.t('No server was added by its address.') });
  }
  const answer = await ui.prompts.pick({
    id: 'removeServer',
    title: vscode.l10n.t('Remove FHIR Server'),
    choices: addresses.map((address) => ({ label: address, value: address })),
  });
  if (answer === undefined || answer === back) throw left();
  return answer;
}
