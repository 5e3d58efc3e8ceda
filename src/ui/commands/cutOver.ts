import * as vscode from 'vscode';
import { isClear } from '../../cutover/gates.ts';
import type { CutoverPage } from '../../cutover/walk.ts';
import type { GateRecord } from '../../engine/cutover.ts';
import { migrationId, type MigrationId } from '../../engine/ids.ts';
import { FailureError } from '../../failure/failure.ts';
import type { CutoverServices } from '../../services/cutover/contract.ts';
import type { DocumentAction } from '../documents/editorDocuments.ts';
import { cutoverMarkdown, gateWords, stateWords } from '../finish/cutoverPage.ts';
import { goBack } from '../finish/goBack.ts';
import { openEventsInPortal, turnEventsOn } from '../finish/turnEventsOn.ts';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { askForMigration, left } from './askFor.ts';
import { migrationIdOf } from './selection.ts';

/** What a button above the page does. */
type Act = 'look' | 'hold' | 'decide' | 'begin' | 'verify' | 'eventsOn' | 'portal' | 'signOff' | 'back';

/** An open page, as the buttons above it hand it on. */
interface ShownCutover {
  readonly migration: MigrationId;
  readonly page: vscode.Uri;
  readonly act: Act;
  readonly seen: CutoverPage;
}

/** Opens the page of gates of a migration, each with its evidence and what can be done next. */
export async function cutOver(ui: Ui, clicked: unknown): Promise<void> {
  const title = vscode.l10n.t('Cut Over');
  const id = migrationIdOf(clicked) ?? (await askForMigration(ui, 'cutOver', title));
  const { name } = (await ui.migrations.open(id)).overview();
  const page = ui.documents.create('cutover', name, 'md', vscode.l10n.t('Looking…\n'));
  await look(ui, migrationId(id), page);
  await ui.documents.show(page);
}

/** Does what a button above an open page says, and looks at everything again. */
export async function stepCutover(ui: Ui, clicked: unknown): Promise<void> {
  const shown = shownOf(clicked);
  const { plan } = (await ui.migrations.open(shown.migration)).overview();
  await ui.signIn.ensureFor(plan, new AbortController().signal);
  const { cutover } = await ui.services();
  ui.log.info(`Cutover: ${shown.act}`, { migration: shown.migration });
  await perform(ui, cutover, shown);
  await look(ui, shown.migration, shown.page);
}

async function perform(ui: Ui, cutover: CutoverServices, shown: ShownCutover): Promise<void> {
  switch (shown.act) {
    case 'look':
      return;
    case 'hold':
      await cutover.hold(shown.migration);
      return;
    case 'decide':
      await decide(ui, cutover, shown);
      return;
    case 'begin':
      await begin(ui, cutover, shown);
      return;
    case 'verify':
      await vscode.commands.executeCommand('fhirMigration.verify', shown.migration);
      return;
    case 'eventsOn':
      await turnEventsOn(ui, cutover, shown.migration);
      return;
    case 'portal':
      await openEventsInPortal(ui, (await ui.migrations.open(shown.migration)).overview().plan);
      return;
    case 'signOff':
      await signOff(ui, cutover, shown);
      return;
    case 'back':
      await goBack(ui, cutover, shown.migration);
      return;
  }
}

async function look(ui: Ui, id: MigrationId, page: vscode.Uri): Promise<void> {
  const handle = await ui.migrations.open(id);
  const { name, plan } = handle.overview();
  const seen = await withProgress(
    'notification',
    vscode.l10n.t('Looking at the gates of {0}', name),
    async (signal) => {
      await ui.signIn.ensureFor(plan, signal);
      return (await ui.services()).cutover.look(id, signal);
    },
  );
  ui.documents.update(page, cutoverMarkdown(handle.overview(), seen));
  ui.documents.setActions(page, actionsFor({ migration: id, page, seen, act: 'look' }));
}

const isBegun = ({ next }: CutoverPage): boolean => next !== 'hold' && next !== 'begin';

/** What can be decided about. What is said of steps before the way over is begun would not hold for it. */
function undecided(page: CutoverPage): readonly GateRecord[] {
  return [...page.gates, ...(isBegun(page) ? page.steps : [])].filter((record) => !isClear(record));
}

function actionsFor(shown: ShownCutover): readonly DocumentAction[] {
  const { next, removedSubscriptions } = shown.seen;
  const button = (act: Act, title: string): DocumentAction => ({
    title,
    command: 'fhirMigration.stepCutover',
    arguments: [{ ...shown, act }],
  });
  return [
    ...(next === 'begin' || next === 'again' ? [button('begin', vscode.l10n.t('$(arrow-swap) Cut Over…'))] : []),
    ...(next === 'verify' ? [button('verify', vscode.l10n.t('$(check-all) Verify…'))] : []),
    ...(next === 'events' && removedSubscriptions > 0
      ? [button('eventsOn', vscode.l10n.t('$(bell) Turn Events On'))]
      : []),
    ...(next === 'events' && removedSubscriptions === 0
      ? [button('portal', vscode.l10n.t('$(link-external) Events in the Portal'))]
      : []),
    ...(next === 'signOff' ? [button('signOff', vscode.l10n.t('$(verified) Sign Off…'))] : []),
    ...(next === 'hold' || next === 'begin' || next === 'again' ? [button('hold', vscode.l10n.t('$(sync) Hold'))] : []),
    ...(undecided(shown.seen).length > 0 && next !== 'done' ? [button('decide', vscode.l10n.t('$(law) Decide…'))] : []),
    button('look', vscode.l10n.t('$(refresh) Look Again')),
    ...(isBegun(shown.seen) ? [button('back', vscode.l10n.t('$(discard) Go Back…'))] : []),
  ];
}

async function decide(ui: Ui, cutover: CutoverServices, { migration, seen }: ShownCutover): Promise<void> {
  const chosen = await ui.prompts.pick({
    id: 'cutover.gate',
    title: vscode.l10n.t('Decide About a Gate'),
    placeholder: vscode.l10n.t('What is decided is kept in the journal and in the report, with its reason.'),
    choices: undecided(seen).map((record) => ({
      label: gateWords(record.id),
      description: stateWords(record.state),
      detail: record.evidence,
      value: record,
    })),
  });
  if (chosen === undefined || chosen === back) throw left();
  const isKnown = chosen.id === 'applications' || chosen.id === 'endpoints' || chosen.id === 'eventsOn';
  const because = await ui.prompts.input({
    id: 'cutover.because',
    title: gateWords(chosen.id),
    prompt: isKnown
      ? vscode.l10n.t('How do you know that it is so?')
      : vscode.l10n.t('Why can the cutover go on although this is not clear?'),
    problem: (text) => (text.trim() === '' ? vscode.l10n.t('Give a reason for the record.') : undefined),
  });
  if (because === undefined || because === back) throw left();
  const decision = isKnown ? 'confirmed' : 'waived';
  await cutover.decide(migration, { gate: chosen.id, decision, because: because.trim() });
}

async function begin(ui: Ui, cutover: CutoverServices, { migration }: ShownCutover): Promise<void> {
  const { plan } = (await ui.migrations.open(migration)).overview();
  const answer = await ui.prompts.message({
    id: 'cutover.begin',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t('Have you stopped all writes to {0}?', plan.source.name),
    detail: vscode.l10n.t(
      'The gates are journalled as they are now. One last window is taken and brought to {0}; then it is proved that nothing was written to {1} meanwhile. Neither service is switched off by this.',
      plan.target.name,
      plan.source.name,
    ),
    buttons: [{ id: 'begin', label: vscode.l10n.t('Writes Are Stopped: Cut Over') }],
  });
  if (answer !== 'begin') throw left();
  // The freeze counts from the answer, not from the end of another look at the gates.
  const frozenAt = Date.now();
  await withProgress('notification', vscode.l10n.t('Beginning to cut over'), (signal) =>
    cutover.begin(migration, frozenAt, signal),
  );
}

async function signOff(ui: Ui, cutover: CutoverServices, { migration, seen }: ShownCutover): Promise<void> {
  const waived = [...seen.gates, ...seen.steps].filter(({ state }) => state === 'waived');
  const by = await ui.prompts.input({
    id: 'cutover.signOff',
    title: vscode.l10n.t('Sign Off'),
    prompt:
      waived.length === 0
        ? vscode.l10n.t('Who signs? Every gate and step is passed.')
        : vscode.l10n.t('Who signs? Waived: {0}.', waived.map(({ id }) => gateWords(id)).join(', ')),
    problem: (text) => (text.trim() === '' ? vscode.l10n.t('A cutover is signed by somebody.') : undefined),
  });
  if (by === undefined || by === back) throw left();
  await withProgress('notification', vscode.l10n.t('Signing off'), (signal) =>
    cutover.signOff(migration, by, undefined, signal),
  );
}

function shownOf(argument: unknown): ShownCutover {
  if (typeof argument === 'object' && argument !== null && 'seen' in argument && 'act' in argument)
    return argument as ShownCutover;
  throw new FailureError({
    kind: 'invalidInput',
    message: vscode.l10n.t('A cutover goes on from its page.'),
    nextStep: vscode.l10n.t('Run "Cut Over…" for a migration.'),
  });
}
