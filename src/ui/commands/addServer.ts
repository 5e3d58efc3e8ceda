import * as vscode from 'vscode';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';
import { addressProblem, normalizedAddress } from '../plan/address.ts';

/** Adds a FHIR server by its address, after its /metadata has answered. */
export async function addServer(ui: Ui, clicked: unknown): Promise<void> {
  const given = typeof clicked === 'string' ? clicked : undefined;
  let typed = given;
  if (typed === undefined) {
    const answer = await ui.prompts.input({
      id: 'addServer.address',
      title: vscode.l10n.t('Add FHIR Server'),
      prompt: vscode.l10n.t('Base address of the server, for example https://fhir.contoso.com'),
      problem: addressProblem,
    });
    if (answer === undefined || answer === back) throw left();
    typed = answer;
  }
  const endpoint = normalizedAddress(typed);
  const title = vscode.l10n.t('Asking {0} for its metadata', endpoint);
  const service = await withProgress('notification', title, async (signal) =>
    (await ui.services()).serviceByUrl(endpoint, signal),
  );
  await ui.catalog.add(service);
  const ref = ui.serviceTree.find(`service:added:${service.endpoint}`);
  if (ref !== undefined) await ui.serviceTree.reveal(ref.id);
}
