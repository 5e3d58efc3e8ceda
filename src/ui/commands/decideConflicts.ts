import { isConflict, isImportable } from '../../verify/differences.ts';
import type { Ui } from '../ui.ts';
import { acceptDifferences, chosenDifferences, deleteExtras, importAgain } from './treatDifferences.ts';

/** Of what the target changed itself, its version stays: the difference is accepted with a reason. */
export async function keepTargetVersion(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  chosenDifferences(ui, clicked, selected, ({ reason }) => isConflict(reason));
  await acceptDifferences(ui, clicked, selected);
}

/** Of what the target changed itself, the version of the source is taken; what the source does not have is deleted. */
export async function takeSourceVersion(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const { differences } = chosenDifferences(ui, clicked, selected, ({ reason }) => isConflict(reason));
  const isExtra = differences.some(({ class: name }) => name === 'extraOnTarget');
  if (differences.some(isImportable)) await importAgain(ui, clicked, selected);
  if (isExtra) await deleteExtras(ui, clicked, selected);
}
