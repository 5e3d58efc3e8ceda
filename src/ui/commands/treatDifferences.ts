import * as vscode from 'vscode';
import type { Treatment } from '../../engine/verified.ts';
import { classesOf, differenceKey } from '../../services/verify/record.ts';
import type { FoundDifference } from '../../services/verify/verification.ts';
import { isConflict, isImportable } from '../../verify/differences.ts';
import { FailureError } from '../../failure/failure.ts';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { type DifferenceNode, differencesBelow } from '../verify/differenceNodes.ts';
import type { DifferencesView } from '../verify/differencesView.ts';
import type { VerifiedPair } from '../verify/shownVerification.ts';
import { formatCount } from '../words/format.ts';
import { left } from './askFor.ts';
import { nodeOf } from './selection.ts';
import { pairKey } from './verify.ts';

const kinds: ReadonlySet<unknown> = new Set(['class', 'reason', 'resource', 'more']);

interface Chosen {
  readonly view: DifferencesView;
  readonly pair: VerifiedPair;
  readonly differences: readonly FoundDifference[];
}

/** Differences that a command was called with, of the classes that it can do something about. */
export function chosenDifferences(
  ui: Ui,
  clicked: unknown,
  selected: unknown,
  fits: (difference: FoundDifference) => boolean = () => true,
): Chosen {
  const { view } = ui.differences;
  const pair = view?.list.pair;
  const all = Array.isArray(selected) && selected.length > 0 ? (selected as readonly unknown[]) : [clicked];
  const nodes = all.flatMap((argument) => {
    const node = nodeOf(argument);
    return kinds.has(node?.kind) ? [node as unknown as DifferenceNode] : [];
  });
  const differences = differencesBelow(nodes).filter(fits);
  if (view === undefined || pair === undefined || differences.length === 0)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('There is no difference here for which this can be done.'),
      nextStep: vscode.l10n.t('Verify, then choose differences in the Differences view.'),
    });
  return { view, pair, differences };
}

/** Exports and imports exactly the chosen resources again, so that the source wins. */
export async function importAgain(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const { view, pair, differences } = chosenDifferences(ui, clicked, selected, isImportable);
  const { migration } = pair;
  if (migration === undefined)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('Only a migration knows a staging account to import through.'),
      nextStep: vscode.l10n.t('Verify the migration itself instead of the two services.'),
    });
  const replaced = differences.filter(({ reason, class: name }) => name === 'differs' && reason !== 'staleOnTarget');
  const confirmed = await ui.prompts.message({
    id: 'importAgain.confirm',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t(
      'Export {0} resources from {1} and import them into {2} again?',
      formatCount(differences.length),
      pair.source.name,
      pair.target.name,
    ),
    detail:
      replaced.length === 0
        ? vscode.l10n.t('Nothing is removed from the target.')
        : vscode.l10n.t(
            'An import never overwrites a stored version: {0} of them are removed from {1} with all their versions first, once they lie in the staging account. Their current version is imported, their history is not.',
            formatCount(replaced.length),
            pair.target.name,
          ),
    buttons: [{ id: 'import', label: vscode.l10n.t('Import Again') }],
  });
  if (confirmed !== 'import') throw left();
  const result = await withProgress(
    'notification',
    vscode.l10n.t('Importing {0} resources again', formatCount(differences.length)),
    async (signal, say) => {
      await ui.signIn.ensureForServices([pair.source, pair.target], signal);
      return (await ui.services()).importAgain({ migration, differences }, signal, (done, total) =>
        say(vscode.l10n.t('{0} of {1}', formatCount(done), formatCount(total))),
      );
    },
  );
  view.list.replace(differences, result.left);
  await record(ui, pair, 'imported', differences);
  void ui.prompts.message({
    id: 'importAgain.done',
    severity: result.left.length === 0 ? 'info' : 'warning',
    text:
      result.left.length === 0
        ? vscode.l10n.t('{0} resources are equal now.', formatCount(result.asked))
        : vscode.l10n.t('{0} of {1} still differ.', formatCount(result.left.length), formatCount(result.asked)),
    buttons: [],
  });
}

/** Deletes the chosen extra resources from the target, after its name was typed. */
export async function deleteExtras(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const { view, pair, differences } = chosenDifferences(
    ui,
    clicked,
    selected,
    ({ class: name }) => name === 'extraOnTarget',
  );
  const { target } = pair;
  const hard = differences.filter(({ reason }) => reason !== 'deletedOnSource').length;
  const typed = await ui.prompts.input({
    id: 'deleteExtras.confirm',
    title: vscode.l10n.t('Delete {0} Resources from {1}', formatCount(differences.length), target.name),
    prompt: vscode.l10n.t(
      'Type {0} to delete: {1} for good with all their versions, {2} softly as on the source. This cannot be undone.',
      target.name,
      formatCount(hard),
      formatCount(differences.length - hard),
    ),
    problem: (text) => (text.trim() === target.name ? undefined : vscode.l10n.t('Type {0}', target.name)),
  });
  if (typed === undefined || typed === back || typed.trim() !== target.name) throw left();
  const title = vscode.l10n.t('Deleting {0} resources from {1}', formatCount(differences.length), target.name);
  const { removed, kept, failures } = await withProgress('notification', title, async (signal, say) => {
    await ui.signIn.ensureForServices([pair.source, pair.target], signal);
    return (await ui.services()).removeExtras({ ...pair, extras: differences }, signal, (done, total) =>
      say(vscode.l10n.t('{0} of {1}', formatCount(done), formatCount(total))),
    );
  });
  if (kept + failures.length === 0) view.list.replace(differences, []);
  await record(ui, pair, 'deleted', differences);
  const [failure] = failures;
  if (failure !== undefined) throw new FailureError(failure);
  void ui.prompts.message({
    id: 'deleteExtras.done',
    severity: kept === 0 ? 'info' : 'warning',
    text:
      kept === 0
        ? vscode.l10n.t('{0} resources were deleted.', formatCount(removed))
        : vscode.l10n.t(
            '{0} resources were deleted; {1} were kept, because they changed since. Verify again.',
            formatCount(removed),
            formatCount(kept),
          ),
    buttons: [],
  });
}

/** Accepts differences with a reason; of a conflict that means that the version of the target is kept. */
export async function acceptDifferences(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const { view, pair, differences } = chosenDifferences(ui, clicked, selected);
  const isKept = differences.every(({ reason }) => isConflict(reason));
  const because = await ui.prompts.input({
    id: 'acceptDifferences.reason',
    title: vscode.l10n.t('Accept {0} Differences', formatCount(differences.length)),
    prompt: vscode.l10n.t('Why? The reason is kept with the migration and in its report; name no patient.'),
    ...(isKept ? { value: vscode.l10n.t('The version of the target is kept.') } : {}),
    problem: (text) => (text.trim() === '' ? vscode.l10n.t('A reason is needed.') : undefined),
  });
  if (because === undefined || because === back || because.trim() === '') throw left();
  const reason = because.trim().slice(0, 500);
  await record(ui, pair, 'accepted', differences, reason);
  view.list.replace(
    differences,
    differences.map((difference) => ({ ...difference, accepted: reason })),
  );
}

/** Takes acceptances back. */
export async function withdrawAcceptance(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const { view, pair, differences } = chosenDifferences(
    ui,
    clicked,
    selected,
    ({ accepted }) => accepted !== undefined,
  );
  await record(ui, pair, 'withdrawn', differences);
  view.list.replace(
    differences,
    differences.map(({ type, id, class: name, reason, sourceVersion, targetVersion }) => ({
      type,
      id,
      class: name,
      reason,
      sourceVersion,
      targetVersion,
    })),
  );
}

/** Keeps what was done: with the migration in numbers, acceptances by digests; of two services in the editor's memory. */
async function record(
  ui: Ui,
  pair: VerifiedPair,
  treatment: Treatment,
  differences: readonly FoundDifference[],
  because?: string,
): Promise<void> {
  const scope = pair.migration ?? pairKey(pair);
  const isAcceptance = treatment === 'accepted' || treatment === 'withdrawn';
  const keys = isAcceptance ? differences.map((difference) => differenceKey(scope, difference)) : undefined;
  ui.log.info('Differences treated', { treatment, differences: differences.length });
  if (pair.migration === undefined) {
    if (keys !== undefined)
      await ui.memory.setAccepted(scope, keys, treatment === 'accepted' ? (because ?? '') : undefined);
    return;
  }
  const handle = await ui.migrations.open(pair.migration);
  await handle.tell({
    kind: 'differencesTreated',
    at: Date.now(),
    treatment,
    classes: classesOf(differences),
    because,
    keys,
  });
}
