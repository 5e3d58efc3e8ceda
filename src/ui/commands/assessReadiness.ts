import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { changesSince, remember } from '../../assess/changes.ts';
import { countBySeverity } from '../../assess/finding.ts';
import type { Assessment } from '../../services/assess/contract.ts';
import type { DocumentAction } from '../documents/editorDocuments.ts';
import { back, type ChoiceStream } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import { type Readiness, readinessMarkdown } from '../readiness/readinessReport.ts';
import type { Ui } from '../ui.ts';
import { askForService, left, serviceChoices, serviceStream } from './askFor.ts';
import { servicesOf } from './selection.ts';

/** A report that is open, as the buttons above it hand it on. */
export interface ShownReadiness extends Readiness {
  readonly uri: vscode.Uri;
  /** Key of the two services in the memory. */
  readonly pair: string;
  readonly again: readonly string[];
}

/** Assesses a service, alone or with a target, and opens the report: what stands in the way, and what changed. */
export async function assessReadiness(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const chosen = servicesOf(clicked, selected, ui.catalog.services);
  const source = chosen[0] ?? (await askForService(ui, 'assessReadiness.source', vscode.l10n.t('Assess Readiness')));
  // A report that is made again names its services; only a single one that was clicked is asked for its target.
  const target =
    chosen[1] ?? (Array.isArray(selected) && typeof clicked === 'string' ? undefined : await askForTarget(ui, source));
  const assessment = await withProgress('notification', vscode.l10n.t('Assessing {0}', source.name), async (signal) =>
    (await ui.services()).assess({ source, target }, signal),
  );
  await showReport(ui, assessment, source, target);
  ui.log.info('Readiness assessed', { ...countBySeverity(assessment.findings) });
}

async function showReport(
  ui: Ui,
  assessment: Assessment,
  source: DiscoveredService,
  target: DiscoveredService | undefined,
): Promise<void> {
  const again = [source.id, ...(target === undefined ? [] : [target.id])];
  const pair = again.join(' ').toLowerCase();
  const before = ui.memory.readinessOf(pair);
  const readiness: Readiness = {
    assessment,
    changes: before === undefined ? undefined : changesSince(before.findings, assessment.findings),
    accepted: before?.accepted ?? {},
  };
  const uri = ui.documents.create('readiness', source.name, 'md', readinessMarkdown(readiness));
  ui.documents.setActions(uri, actionsFor({ ...readiness, uri, pair, again }));
  await ui.memory.setReadiness(pair, {
    findings: assessment.findings.map(remember),
    accepted: readiness.accepted,
  });
  await ui.documents.show(uri);
}

/** Buttons above a report. */
export const actionsFor = (shown: ShownReadiness): readonly DocumentAction[] => [
  {
    title: vscode.l10n.t('$(refresh) Assess Again'),
    command: 'fhirMigration.assessReadiness',
    arguments: [shown.again[0], shown.again],
  },
  {
    title: vscode.l10n.t('$(check) Accept Finding…'),
    command: 'fhirMigration.acceptFinding',
    arguments: [shown],
  },
];

async function askForTarget(ui: Ui, source: DiscoveredService): Promise<DiscoveredService | undefined> {
  const alone = {
    label: vscode.l10n.t('Without a target'),
    description: vscode.l10n.t('What depends on the target is left out'),
    value: 'alone' as const,
  };
  const refuse = ({ id }: DiscoveredService): string | undefined =>
    id === source.id ? vscode.l10n.t('This is the source.') : undefined;
  const choices: ChoiceStream<DiscoveredService | 'alone'> = (show) =>
    serviceStream(ui)((services, busy) => {
      const targets = services.filter(({ kind }) => kind === 'ahds');
      show([alone, ...serviceChoices(targets, refuse)], busy);
    });
  const answer = await ui.prompts.pick({
    id: 'assessReadiness.target',
    title: vscode.l10n.t('Assess {0} for', source.name),
    placeholder: vscode.l10n.t('The service that the data shall move to'),
    choices,
  });
  if (answer === undefined || answer === back) throw left();
  return answer === 'alone' ? undefined : answer;
}
