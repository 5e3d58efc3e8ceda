import * as vscode from 'vscode';
import { placeIn } from '../../compare/bicep/targetBicep.ts';
import { FailureError } from '../../failure/failure.ts';
import type { CheckedName, DeployPlace } from '../../services/targets/contract.ts';
import { askForService, left } from '../commands/askFor.ts';
import { servicesOf } from '../commands/selection.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { askForPlace } from './askForPlace.ts';

const ending = 'target.bicep';

/** Proposes a workspace and a FHIR service with the configuration of a source, as a Bicep file that is opened for editing. */
export async function createTarget(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const title = vscode.l10n.t('Create Target');
  const [source = await askForService(ui, 'createTarget.source', vscode.l10n.t('Create a Target For'))] = servicesOf(
    clicked,
    selected,
    ui.catalog.services,
  );
  const place = await askForPlace(ui, source, title);
  const { bicep } = await withProgress(
    'notification',
    vscode.l10n.t('Looking at the configuration of {0}', source.name),
    async (signal) => (await ui.services()).targets.propose(source, place, signal),
  );
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = await ui.prompts.saveFile({
    id: 'createTarget.file',
    title: vscode.l10n.t('Save the Bicep File'),
    proposal: folder === undefined ? undefined : vscode.Uri.joinPath(folder, `${place.name}.${ending}`).toString(),
    kind: { name: vscode.l10n.t('Bicep file of a target'), extension: ending },
  });
  if (file === undefined) throw left();
  const uri = vscode.Uri.parse(file.endsWith('.bicep') ? file : `${file}.${ending}`, true);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(bicep, 'utf8'));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
  void offerDeploy(ui, uri);
}

async function offerDeploy(ui: Ui, uri: vscode.Uri): Promise<void> {
  const answer = await ui.prompts.message({
    id: 'createTarget.deploy',
    severity: 'info',
    text: vscode.l10n.t('Nothing is made yet. Look at the file, change what you like, then deploy it.'),
    buttons: [{ id: 'deploy', label: vscode.l10n.t('Deploy…') }],
  });
  if (answer === 'deploy') await vscode.commands.executeCommand('fhirMigration.deployTarget', uri);
}

/** Deploys the Bicep file of a target as it was edited, after its names were checked and the user agreed. */
export async function deployTarget(ui: Ui, clicked: unknown): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('A target is deployed only from a folder that you trust.'),
      nextStep: vscode.l10n.t('Trust this folder with "Workspaces: Manage Workspace Trust", then deploy again.'),
    });
  const { text, place, name } = await fileOf(clicked);
  const services = await ui.services();
  const names = await withProgress('notification', vscode.l10n.t('Checking the names'), (signal) =>
    services.targets.checkNames(text, place, signal),
  );
  await confirm(ui, place, names);
  await withProgress('notification', vscode.l10n.t('Deploying {0}', name), (signal, say) =>
    services.targets.deploy(text, place, signal, (resources) =>
      say(resources.map((one) => `${one.name}: ${one.state}`).join(', ')),
    ),
  );
  ui.log.info('Target deployed', { resources: names.length });
  await ui.catalog.refresh();
  const answer = await ui.prompts.message({
    id: 'deployTarget.done',
    severity: 'info',
    text: vscode.l10n.t('The target is there. Plan a migration to it, then prepare both services.'),
    buttons: [{ id: 'migrate', label: vscode.l10n.t('Plan a Migration…') }],
  });
  if (answer === 'migrate') await vscode.commands.executeCommand('fhirMigration.migrate');
}

async function fileOf(
  clicked: unknown,
): Promise<{ readonly text: string; readonly place: DeployPlace; readonly name: string }> {
  const uri = clicked instanceof vscode.Uri ? clicked : vscode.window.activeTextEditor?.document.uri;
  if (uri?.path.endsWith('.bicep') !== true)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('Open the Bicep file that is to be deployed.'),
      nextStep: vscode.l10n.t('"Create Target…" makes one from the configuration of a service.'),
    });
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
  const text = document.getText();
  const place = placeIn(text);
  if (place !== undefined) return { text, place, name: uri.path.split('/').at(-1) ?? uri.path };
  throw new FailureError({
    kind: 'invalidInput',
    message: vscode.l10n.t('The file does not say where it is to be deployed to.'),
    nextStep: vscode.l10n.t(
      'Keep the line "// fhir-migration: subscription=… resourceGroup=… tenant=…" at its beginning.',
    ),
  });
}

async function confirm(
  ui: Ui,
  { subscriptionId, resourceGroup }: DeployPlace,
  names: readonly CheckedName[],
): Promise<void> {
  const lines = names.map((one) => `${kindWords(one)} ${one.name}: ${checkWords(one)}`);
  const free = names.every(({ check }) => check.state === 'available' || check.state === 'unknown');
  const answer = await ui.prompts.message({
    id: 'deployTarget.confirm',
    severity: 'warning',
    modal: true,
    text: free
      ? vscode.l10n.t('Deploy to the resource group {0}?', resourceGroup)
      : vscode.l10n.t('Not all names are free. Deploy to the resource group {0} all the same?', resourceGroup),
    detail: [vscode.l10n.t('Subscription {0}. What is made is billed from then on.', subscriptionId), ...lines].join(
      '\n',
    ),
    buttons: [{ id: 'deploy', label: vscode.l10n.t('Deploy') }],
  });
  if (answer !== 'deploy') throw left();
}

const kindWords = ({ of }: CheckedName): string =>
  of === 'workspace' ? vscode.l10n.t('Workspace') : vscode.l10n.t('FHIR service');

function checkWords({ check }: CheckedName): string {
  switch (check.state) {
    case 'available':
      return vscode.l10n.t('the name is free');
    case 'unknown':
      return vscode.l10n.t('whether the name is free cannot be asked');
    case 'taken':
    case 'invalid':
      return check.message;
  }
}
