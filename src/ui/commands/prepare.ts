import * as vscode from 'vscode';
import type { PrepareRow } from '../../assess/prepare/row.ts';
import { changeLines } from '../../compare/changes/changeWords.ts';
import { FailureError } from '../../failure/failure.ts';
import type { Preparation } from '../../services/prepare/contract.ts';
import { applyWithConsent } from '../changes/applyWithConsent.ts';
import type { DocumentAction } from '../documents/editorDocuments.ts';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import { prepareMarkdown } from '../prepare/prepareReport.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';
import { type OpenPlan, planFrom } from './planFrom.ts';

/** A page that is open, as the buttons above it hand it on. */
export interface ShownPreparation extends OpenPlan {
  readonly page: vscode.Uri;
  readonly preparation: Preparation;
}

/** Opens the page of everything that has to be set for a plan, with what is and what is wanted. */
export async function prepare(ui: Ui, clicked: unknown): Promise<void> {
  const open = await planFrom(ui, clicked);
  const page = ui.documents.create('prepare', `Prepare ${open.plan.name}`, 'md', vscode.l10n.t('Looking…\n'));
  await look(ui, open, page);
  await ui.documents.show(page);
}

/** Applies rows of an open page that the user chooses, and looks at everything again. */
export async function applyPreparation(ui: Ui, clicked: unknown): Promise<void> {
  const shown = shownOf(clicked);
  const { plan, preparation, page } = shown;
  const chosen = await ui.prompts.pickMany({
    id: 'prepare.rows',
    title: vscode.l10n.t('Prepare {0}', plan.name),
    placeholder: vscode.l10n.t('What shall be set? The exact change is shown before anything is written.'),
    nothing: () => vscode.l10n.t('Nothing is left to set.'),
    choices: preparation.rows
      .filter(({ state }) => state === 'change')
      .map((row) => ({
        label: row.title,
        description: row.current,
        detail: row.changes.flatMap(changeLines).join('; '),
        value: row,
        picked: row.blocked === undefined,
        ...(row.blocked === undefined ? {} : { unavailable: row.blocked }),
      })),
  });
  if (chosen === undefined || chosen === back || chosen.length === 0) throw left();
  const title = vscode.l10n.t('Prepare {0}', plan.name);
  const changes = chosen.filter(applicable).flatMap((row) => row.changes);
  try {
    await applyWithConsent(ui, { title, pair: preparation.pair, changes, resources: preparation.resources });
  } finally {
    await look(ui, shown, page);
    // The preview of the JSON may have taken its place.
    await ui.documents.show(page);
  }
}

const applicable = ({ blocked }: PrepareRow): boolean => blocked === undefined;

async function look(ui: Ui, { uri, plan }: OpenPlan, page: vscode.Uri): Promise<void> {
  await withProgress('notification', vscode.l10n.t('Looking at what {0} needs', plan.name), async (signal) => {
    await ui.signIn.ensureFor(plan, signal);
    const services = await ui.services();
    const preparation = await services.prepare(plan, signal);
    const open = await services.changes.remembered(preparation.pair);
    ui.documents.update(page, prepareMarkdown(plan, preparation, open));
    ui.documents.setActions(page, actionsFor({ uri, plan, page, preparation }, open.length > 0));
  });
}

const actionsFor = (shown: ShownPreparation, undoable: boolean): readonly DocumentAction[] => [
  { title: vscode.l10n.t('$(tools) Apply…'), command: 'fhirMigration.applyPreparation', arguments: [shown] },
  { title: vscode.l10n.t('$(refresh) Look Again'), command: 'fhirMigration.prepare', arguments: [shown.uri] },
  { title: vscode.l10n.t('$(checklist) Run Preflight'), command: 'fhirMigration.runPreflight', arguments: [shown.uri] },
  ...(undoable
    ? [
        {
          title: vscode.l10n.t('$(discard) Undo…'),
          command: 'fhirMigration.undoChanges',
          arguments: [shown.preparation.pair],
        },
      ]
    : []),
];

function shownOf(argument: unknown): ShownPreparation {
  if (typeof argument === 'object' && argument !== null && 'preparation' in argument && 'page' in argument)
    return argument as ShownPreparation;
  throw new FailureError({
    kind: 'invalidInput',
    message: vscode.l10n.t('Settings are applied from the page of a preparation.'),
    nextStep: vscode.l10n.t('Run "Prepare…" for a plan, then choose "Apply…" above the page.'),
  });
}
