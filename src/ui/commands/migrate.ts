import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { blobEndpoint } from '../../azure/endpoints.ts';
import type { PlanInput } from '../../engine/plan.ts';
import { FailureError, toFailure } from '../../failure/failure.ts';
import { draftPlan } from '../../services/planDraft.ts';
import { withDeidentification } from '../../services/planEditing.ts';
import { readPlan } from '../../services/planReading.ts';
import { chooseConfiguration, uploadConfiguration } from '../plan/configurationFile.ts';
import { askForMigration, scopeOf, type CompleteAnswers } from '../plan/migrateFlow.ts';
import { syncOf, type Ending } from '../plan/endingChoices.ts';
import { accountName } from '../plan/stagingChoices.ts';
import { planFileAddress } from '../plan/planFile.ts';
import { waysOf } from '../plan/wayChoices.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { askForService, left, serviceStream } from './askFor.ts';
import { keepPredictions } from './keepPredictions.ts';
import { planFrom } from './planFrom.ts';
import { reviewPlanFile } from './reviewPlanFile.ts';
import { servicesOf } from './selection.ts';

/** Asks where the data of a service goes and what is moved, writes the plan file and opens it with its review. */
export async function migrate(ui: Ui, clicked: unknown): Promise<void> {
  const [source = await askForService(ui, 'migrate.source', vscode.l10n.t('Migrate From'))] = servicesOf(
    clicked,
    undefined,
    ui.catalog.services,
  );
  const answers = await askForMigration(source, {
    prompts: ui.prompts,
    services: serviceStream(ui),
    metadata: async () => (await ui.services()).metadata(source.endpoint, new AbortController().signal),
    last: ui.memory.lastChoices,
    folders: (vscode.workspace.workspaceFolders ?? []).map(({ name, uri }) => ({ name, address: uri.toString() })),
  });
  if (answers === undefined) throw left();
  const uri = await chooseFile(ui, answers);
  const configuration = answers.ways.includes('deidentified') ? await chooseConfiguration(ui) : undefined;
  // Left without a file, nothing may be moved as it is.
  if (answers.ways.includes('deidentified') && configuration === undefined) throw left();
  const staging = await withProgress('notification', vscode.l10n.t('Looking up the staging account'), (signal) =>
    stagingOf(ui, source, answers, signal),
  );
  const text = draftPlan(answers.name, source, answers.target, staging, scopeOf(answers), {
    journal: ui.settings().journalPlace,
    ...syncOf(endingOf(answers)),
    ...waysOf(answers),
  });
  await vscode.workspace.fs.writeFile(uri, Buffer.from(await deidentified(ui, text, configuration), 'utf8'));
  await remember(ui, source, answers);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
  await reviewPlanFile(ui, uri);
  // A new plan says what it takes to whoever reviews the file; closed before it was counted, it does not.
  if (ui.reviews.known((await planFrom(ui, uri)).plan)?.summary !== undefined) await keepPredictions(ui, uri);
}

/** The text of the plan with the configuration that its source takes identities out by, uploaded before. */
async function deidentified(ui: Ui, text: string, configuration: string | undefined): Promise<string> {
  if (configuration === undefined) return text;
  const { plan, problems } = readPlan(text);
  if (plan === undefined)
    throw new FailureError({ kind: 'invalidInput', message: problems.map(({ message }) => message).join(' ') });
  return withDeidentification(text, await uploadConfiguration(ui, plan, configuration));
}

/** A range that was given an end after the question was answered ends by itself all the same. */
const endingOf = ({ what, till, ending }: CompleteAnswers): Ending =>
  what === 'range' && till !== undefined ? 'end' : (ending ?? 'end');

async function chooseFile(ui: Ui, { folder, name }: CompleteAnswers): Promise<vscode.Uri> {
  if (folder !== 'ask') {
    const taken = async (address: string): Promise<boolean> =>
      vscode.workspace.fs.stat(vscode.Uri.parse(address, true)).then(
        () => true,
        () => false,
      );
    return vscode.Uri.parse(await planFileAddress(folder, name, taken), true);
  }
  const base = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homeFolder());
  const chosen = await ui.prompts.saveFile({
    id: 'migrate.file',
    title: vscode.l10n.t('Save the Plan File'),
    proposal: await planFileAddress(base.toString(), name, () => Promise.resolve(false)),
    kind: { name: vscode.l10n.t('Migration plan'), extension: 'fhirmigration.json' },
  });
  if (chosen === undefined) throw left();
  return vscode.Uri.parse(chosen.endsWith('.json') ? chosen : `${chosen}.fhirmigration.json`, true);
}

const homeFolder = (): string => process.env.HOME ?? process.env.USERPROFILE ?? '/';

/**
 * The account as the plan names it. Where Azure does not tell (no right to read it, or no sign-in for ARM), its address
 * follows from the cloud; preflight then shows whether it can be reached.
 */
async function stagingOf(
  ui: Ui,
  source: DiscoveredService,
  { staging, target }: CompleteAnswers,
  signal: AbortSignal,
): Promise<PlanInput['staging']> {
  try {
    return await (await ui.services()).storageAccount(staging, target.tenantId ?? source.tenantId, signal);
  } catch (error) {
    const failure = toFailure(error);
    const { cloud } = ui.settings();
    if (failure.kind === 'cancelled' || cloud.blob === '') throw error;
    ui.log.warn('The staging account could not be looked up; its usual address is used', { kind: failure.kind });
    const name = accountName(staging);
    const resourceId = staging.startsWith('/') ? { resourceId: staging } : {};
    return { accountName: name, blobEndpoint: blobEndpoint(cloud, name), ...resourceId };
  }
}

async function remember(ui: Ui, source: DiscoveredService, answers: CompleteAnswers): Promise<void> {
  const { lastChoices } = ui.memory;
  await ui.memory.setLastChoices({
    targetOf: { ...lastChoices.targetOf, [source.id]: answers.target.id },
    stagingOf: { ...lastChoices.stagingOf, [source.id]: answers.staging },
    what: answers.what,
    types: answers.types ?? lastChoices.types,
    history: answers.ways.includes('history'),
    softDeleted: answers.ways.includes('softDeleted'),
    ending: endingOf(answers),
    folder: answers.folder,
  });
}
