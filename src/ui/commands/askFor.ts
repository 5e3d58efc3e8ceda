import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { FailureError } from '../../failure/failure.ts';
import type { MigrationState } from '../migrations/migrationState.ts';
import { back, type Choice, type ChoiceStream } from '../platform/prompts.ts';
import { phaseName, progressWords } from '../words/migrationWords.ts';
import { serviceSummary } from '../words/serviceWords.ts';
import { emptyState } from '../tree/emptyState.ts';
import { hintOf } from '../tree/hints.ts';
import type { Ui } from '../ui.ts';
import { servicesOf } from './selection.ts';

/** Thrown when the user left a question: no error, one log line. */
export const left = (): FailureError => new FailureError({ kind: 'cancelled', message: 'The user left the question.' });

/** Shows the known services and those that are still found; loads the list when nobody did yet. */
export function serviceStream(
  ui: Ui,
): (show: (services: readonly DiscoveredService[], busy: boolean) => void) => () => void {
  return (show) => {
    let loading = true;
    const send = (): void => show(ui.catalog.services, loading);
    const stop = ui.catalog.onChange(send);
    send();
    void ui.catalog.load().then(() => {
      loading = false;
      send();
    });
    return stop;
  };
}

/** Choices of services, by name. */
export function serviceChoices(
  services: readonly DiscoveredService[],
  refuse: (service: DiscoveredService) => string | undefined = () => undefined,
): readonly Choice<DiscoveredService>[] {
  return [...services]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((service) => {
      const unavailable = refuse(service);
      const place = [service.workspace, service.resourceGroup].filter((part) => part !== undefined).join(' / ');
      return {
        label: service.name,
        description: serviceSummary(service),
        detail: [place, service.endpoint].filter((part) => part !== '').join(' · '),
        value: service,
        ...(unavailable === undefined ? {} : { unavailable }),
      };
    });
}

/** Asks for one service. @throws FailureError `cancelled` when the user left */
export async function askForService(
  ui: Ui,
  id: string,
  title: string,
  refuse?: (service: DiscoveredService) => string | undefined,
): Promise<DiscoveredService> {
  const choices: ChoiceStream<DiscoveredService> = (show) =>
    serviceStream(ui)((services, busy) => show(serviceChoices(services, refuse), busy));
  const placeholder = vscode.l10n.t('Name, kind, place or address of a service');
  const answer = await ui.prompts.pick({ id, title, placeholder, choices, nothing: () => whyNoServices(ui) });
  if (answer === undefined || answer === back) throw left();
  return answer;
}

/** Why there is no service to choose, in the words of the Services view. */
export function whyNoServices(ui: Ui): string {
  const state = emptyState(ui.catalog.current);
  return state === undefined ? vscode.l10n.t('No FHIR service is known.') : hintOf(state).label;
}

/**
 * The two services that a command was called with; asks for those that it was not.
 * @throws FailureError `cancelled` when the user left
 */
export async function askForPair(
  ui: Ui,
  id: string,
  title: string,
  clicked: unknown,
  selected: unknown,
  titleOfSecond = (first: string): string => vscode.l10n.t('Compare {0} with', first),
): Promise<readonly [DiscoveredService, DiscoveredService]> {
  const chosen = servicesOf(clicked, selected, ui.catalog.services);
  const first = chosen[0] ?? (await askForService(ui, `${id}.first`, title));
  const second =
    chosen[1] ??
    (await askForService(ui, `${id}.second`, titleOfSecond(first.name), (service) =>
      service.id === first.id ? vscode.l10n.t('This is the first one.') : undefined,
    ));
  return [first, second];
}

/** Asks for one migration among those that fit. @throws FailureError `cancelled`, or `invalidInput` when none fits */
export async function askForMigration(
  ui: Ui,
  id: string,
  title: string,
  fits: (state: MigrationState) => boolean = () => true,
): Promise<string> {
  await ui.migrations.load();
  const states = (ui.migrations.states ?? []).filter(fits);
  if (states.length === 0) {
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('There is no migration for which this can be done now.'),
      nextStep: vscode.l10n.t('Right-click a service and choose "Migrate to…" to plan one.'),
    });
  }
  const choices = states.map(({ overview }) => ({
    label: overview.name,
    description: [phaseName(overview.phase), progressWords(overview)].filter((part) => part !== '').join(' · '),
    detail: `${overview.plan.source.name} → ${overview.plan.target.name}`,
    value: overview.id,
  }));
  if (states.length === 1 && choices[0] !== undefined) return choices[0].value;
  const answer = await ui.prompts.pick({ id, title, choices });
  if (answer === undefined || answer === back) throw left();
  return answer;
}
