import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { TargetPlace } from '../../compare/bicep/targetProposal.ts';
import { FailureError } from '../../failure/failure.ts';
import { left } from '../commands/askFor.ts';
import { type Answer, back, type Choice } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { nameLike, nameProblem, regionProblem } from './names.ts';

/** Asks where the target of a source is to be made and what it is called. @throws FailureError `cancelled` */
export async function askForPlace(ui: Ui, source: DiscoveredService, title: string): Promise<TargetPlace> {
  const { tenantId } = source;
  if (tenantId === undefined)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('{0} is known by its address alone, so its settings cannot be carried over.', source.name),
      nextStep: vscode.l10n.t('Create the target in the Azure portal, then choose "Migrate to…".'),
    });
  const subscriptionId = await askForSubscription(ui, source, tenantId, title);
  const group = await askForGroup(ui, source, subscriptionId, tenantId, title);
  const workspace = await askForWorkspace(ui, source, subscriptionId, group.name, title);
  const name = chosen(
    await ui.prompts.input({
      id: 'createTarget.name',
      title,
      prompt: vscode.l10n.t('Name of the FHIR service; its address becomes part of it'),
      value: nameLike(source.name),
      problem: nameProblem,
    }),
  );
  const location =
    workspace.location ??
    chosen(
      await ui.prompts.input({
        id: 'createTarget.location',
        title,
        prompt: vscode.l10n.t(
          'Region. Exports and imports cross regions when it is another one than that of the source.',
        ),
        value: source.location ?? group.location,
        problem: regionProblem,
      }),
    );
  return {
    ...{ subscriptionId, tenantId, resourceGroup: group.name, location, name },
    ...{ workspace: workspace.name, inWorkspace: workspace.isThere },
  };
}

async function askForSubscription(ui: Ui, source: DiscoveredService, tenantId: string, title: string): Promise<string> {
  const found = await withProgress('notification', vscode.l10n.t('Looking for subscriptions'), async (signal) => {
    await ui.signIn.ensureForServices([source], signal);
    return (await ui.services()).targets.subscriptions(tenantId, signal);
  });
  return chosen(
    await ui.prompts.pick({
      id: 'createTarget.subscription',
      title,
      placeholder: vscode.l10n.t('Subscription. The staging account must be in the same one.'),
      choices: ofSourceFirst(
        found.map(({ subscriptionId, name }) => ({ label: name, description: subscriptionId, value: subscriptionId })),
        ({ value }) => value === source.subscriptionId,
      ),
    }),
  );
}

async function askForGroup(
  ui: Ui,
  source: DiscoveredService,
  subscriptionId: string,
  tenantId: string,
  title: string,
): Promise<{ readonly name: string; readonly location: string }> {
  const groups = await withProgress('notification', vscode.l10n.t('Looking for resource groups'), async (signal) =>
    (await ui.services()).targets.resourceGroups(subscriptionId, tenantId, signal),
  );
  return chosen(
    await ui.prompts.pick({
      id: 'createTarget.group',
      title,
      placeholder: vscode.l10n.t('Resource group'),
      nothing: () => vscode.l10n.t('There is no resource group in this subscription that you can see.'),
      choices: ofSourceFirst(
        groups.map((group) => ({ label: group.name, description: group.location, value: group })),
        ({ value }) => value.name.toLowerCase() === source.resourceGroup?.toLowerCase(),
      ),
    }),
  );
}

interface Workspace {
  readonly name: string;
  readonly location: string | undefined;
  readonly isThere: boolean;
}

/** Workspaces are known by the FHIR services in them; an empty one is named by hand. */
async function askForWorkspace(
  ui: Ui,
  source: DiscoveredService,
  subscriptionId: string,
  group: string,
  title: string,
): Promise<Workspace> {
  const there = new Map(
    ui.catalog.services.flatMap(({ workspace, location, ...one }) =>
      workspace !== undefined &&
      one.subscriptionId === subscriptionId.toLowerCase() &&
      one.resourceGroup?.toLowerCase() === group.toLowerCase()
        ? [[workspace, { name: workspace, location, isThere: true }] as const]
        : [],
    ),
  );
  const choices: readonly Choice<Workspace | 'new'>[] = [
    { label: vscode.l10n.t('New workspace…'), icon: 'add', value: 'new' },
    ...[...there.values()].map((one) => ({ label: one.name, description: one.location ?? '', value: one })),
  ];
  const answer =
    there.size === 0
      ? 'new'
      : chosen(
          await ui.prompts.pick({
            id: 'createTarget.workspace',
            title,
            placeholder: vscode.l10n.t('Workspace'),
            choices,
          }),
        );
  if (answer !== 'new') return answer;
  const name = chosen(
    await ui.prompts.input({
      id: 'createTarget.newWorkspace',
      title,
      prompt: vscode.l10n.t('Name of the new workspace'),
      value: nameLike(source.name),
      problem: nameProblem,
    }),
  );
  return { name, location: undefined, isThere: false };
}

const ofSourceFirst = <T>(
  choices: readonly Choice<T>[],
  first: (choice: Choice<T>) => boolean,
): readonly Choice<T>[] => [...choices.filter(first), ...choices.filter((one) => !first(one))];

function chosen<T>(answer: Answer<T>): T {
  if (answer === undefined || answer === back) throw left();
  return answer;
}
