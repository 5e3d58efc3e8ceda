import * as vscode from 'vscode';
import type { ComparedEntry } from '../../compare/comparison.ts';
import { FailureError } from '../../failure/failure.ts';
import { left } from '../commands/askFor.ts';
import { back, type Choice } from '../platform/prompts.ts';
import type { Ui } from '../ui.ts';
import { entryWords } from '../compare/driftWords.ts';

/** What of a source is copied, and what of the target may be overwritten for it. */
export interface Chosen {
  readonly only: readonly string[];
  readonly overwrite: readonly string[];
}

export interface EntryQuestion {
  readonly id: string;
  readonly title: string;
  readonly nothing: string;
  /** Name that the service knows an entry by. */
  readonly nameOf: (entry: ComparedEntry) => string;
  /** True where the target has another definition; false for what only waits to be indexed. */
  readonly overwrites: (entry: ComparedEntry) => boolean;
  /** Names that the command was called for; undefined: all. */
  readonly preset: ReadonlySet<string> | undefined;
}

/**
 * Asks which entries to copy: what is missing is proposed, what would overwrite another definition is not, and is
 * confirmed one by one when it was chosen.
 * @throws FailureError `invalidInput` when there is nothing to copy, `cancelled` when the user left
 */
export async function chooseEntries(
  ui: Ui,
  target: string,
  entries: readonly ComparedEntry[],
  question: EntryQuestion,
): Promise<Chosen> {
  const { id, title, nameOf, overwrites, preset } = question;
  const possible = entries.filter((entry) => entry.state === 'missing' || overwrites(entry));
  if (possible.length === 0) throw new FailureError({ kind: 'invalidInput', message: question.nothing });
  const choices = possible.map((entry): Choice<ComparedEntry> => ({
    label: entry.path.at(-1) ?? '',
    description: entry.path.length > 1 ? (entry.path[0] ?? '') : '',
    detail: overwrites(entry)
      ? vscode.l10n.t('The target has another definition, which would be overwritten')
      : entryWords(entry),
    icon: overwrites(entry) ? 'warning' : 'add',
    value: entry,
    picked: preset?.has(nameOf(entry)) ?? entry.state === 'missing',
  }));
  const chosen = await ui.prompts.pickMany({ id, title, choices });
  if (chosen === undefined || chosen === back || chosen.length === 0) throw left();
  const overwrite = chosen.filter(overwrites).map(nameOf);
  if (overwrite.length > 0) await confirmOverwriting(ui, id, target, overwrite);
  return { only: chosen.map(nameOf), overwrite };
}

async function confirmOverwriting(ui: Ui, id: string, target: string, names: readonly string[]): Promise<void> {
  const answer = await ui.prompts.message({
    id: `${id}.overwrite`,
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t('Overwrite {0} definitions on {1}?', names.length, target),
    detail: [
      vscode.l10n.t('The target keeps the old ones only in its history. These are replaced:'),
      ...names.slice(0, 20),
      ...(names.length > 20 ? [vscode.l10n.t('and {0} more', names.length - 20)] : []),
    ].join('\n'),
    buttons: [{ id: 'overwrite', label: vscode.l10n.t('Overwrite') }],
  });
  if (answer === undefined) throw left();
}
