import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { changesSince, remember } from '../../assess/changes.ts';
import { countBySeverity } from '../../assess/finding.ts';
import type { Assessment } from '../../services/assess/contract.ts';
import type { DocumentAction } from '../documents/editorDocuments.ts';
import { back, type ChoiceStream } from '../platform/prompts.ts';
import { plansBetween } from '../plan/plansBetween.ts';
import { withProgress } from '../platform/signals.ts';
import { type Readiness, readinessMarkdown } from '../readiness/readinessReport.ts';
import type { Ui } from '../ui.ts';
import { askForService, left, serviceChoices, serviceStream } from './askFor.ts';
import { servicesOf } from './selection.ts';

/** Assesses a service, alone or with a target, and opens the report: what stands in the way, and what changed. */
export async function assessReadiness(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const chosen = servicesOf(clicked, selected, ui.catalog.services);
  const source = chosen[0] ?? (await askForService(ui, 'assessReadiness.source', vscode.l10n.t('Assess Readiness')));
  // A report that is made again names its services; only a single one that was clicked is asked for its target.
  const target =
    chosen[1] ?? (Array.isArray(selected) && typeof clicked === 'string' ? undefined : await askForTarget(ui, source));
  const trialDays = Array.isArray(selected) ? undefined : await askForTrial(ui, source);
  const assessment = await withProgress('notification', vscode.l10n.t('Assessing {0}', source.name), async (signal) =>
    (await ui.services()).assess({ source, target, trialDays }, signal),
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
  const plans = target === undefined ? [] : await plansBetween(source, target);
  const readiness: Readiness = {
    assessment,
    changes: before === undefined ? undefined : changesSince(before.findings, assessment.findings),
    // What reviewers see in the plan counts, also where it was decided on another machine.
    accepted: Object.fromEntries(
      [before?.accepted, ...plans.map(({ plan }) => plan.accepted)].flatMap((reasons) => Object.entries(reasons ?? {})),
    ),
  };
  const actions: readonly DocumentAction[] = [
    {
      title: vscode.l10n.t('$(refresh) Assess Again'),
      command: 'fhirMigration.assessReadiness',
      arguments: [source.id, again],
    },
    { title: vscode.l10n.t('$(check) Accept Finding…'), command: 'fhirMigration.acceptFinding', arguments: [] },
  ];
  const report = ui.documents.create('readiness', source.name, 'md', readinessMarkdown(readiness), actions);
  await ui.memory.setReadiness(pair, { findings: assessment.findings.map(remember), accepted: readiness.accepted });
  ui.findings.show({ ...readiness, source, target, pair, report, plans: plans.map(({ uri }) => uri) });
  await ui.documents.show(report);
}

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

/** Days of a trial export; undefined: nothing is exported. */
async function askForTrial(ui: Ui, source: DiscoveredService): Promise<number | undefined> {
  const detail = vscode.l10n.t('Reads what is exported for hazards; the files stay in container migration-trial');
  const answer = await ui.prompts.pick<number>({
    id: 'assessReadiness.trial',
    title: vscode.l10n.t('Assess {0}', source.name),
    placeholder: vscode.l10n.t('Look into the data, too?'),
    choices: [
      {
        label: vscode.l10n.t('Only look at the services'),
        detail: vscode.l10n.t('Reads, and writes nothing'),
        value: 0,
      },
      { label: vscode.l10n.t('Trial export of the last day'), detail, value: 1 },
      { label: vscode.l10n.t('Trial export of the last 7 days'), detail, value: 7 },
    ],
  });
  if (answer === undefined || answer === back) throw left();
  return answer === 0 ? undefined : answer;
}
