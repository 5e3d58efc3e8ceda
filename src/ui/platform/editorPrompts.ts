import * as vscode from 'vscode';
import {
  back,
  type Answer,
  type Choice,
  type FileQuestion,
  type FolderQuestion,
  type InputQuestion,
  type Message,
  type PickQuestion,
  type Prompts,
  type SaveQuestion,
} from './prompts.ts';
import { savedAs } from './savedAs.ts';

interface Row<T> extends vscode.QuickPickItem {
  readonly choice?: Choice<T>;
}

/** The prompts of the editor. */
export const editorPrompts: Prompts = {
  async pick<T>(question: PickQuestion<T>) {
    return pickWith<T, T>(question, false, ([first]) => first);
  },

  async pickMany<T>(question: PickQuestion<T>) {
    return pickWith<T, readonly T[]>(question, true, (chosen) => chosen);
  },

  input: (question) =>
    new Promise((resolve) => {
      const box = vscode.window.createInputBox();
      frame(box, question);
      // What was typed or pasted must survive a look at another window.
      box.ignoreFocusOut = true;
      box.prompt = question.prompt;
      box.value = question.value ?? '';
      box.password = question.password ?? false;
      const settle = settleOnce<string>(box, resolve);
      const check = (): string | undefined => question.problem?.(box.value);
      box.onDidChangeValue(() => {
        box.validationMessage = check();
      });
      box.onDidAccept(() => {
        box.validationMessage = check();
        if (box.validationMessage === undefined) settle(box.value);
      });
      box.show();
    }),

  message: async (message) => {
    const show = {
      info: vscode.window.showInformationMessage,
      warning: vscode.window.showWarningMessage,
      error: vscode.window.showErrorMessage,
    }[message.severity];
    const items = message.buttons.map(({ id, label, closes = false }) => ({
      id,
      title: label,
      isCloseAffordance: closes,
    }));
    return (await show(message.text, optionsOf(message), ...items))?.id;
  },

  saveFile: async ({ title, proposal, kind }: SaveQuestion) => {
    const chosen = await vscode.window.showSaveDialog({
      title,
      ...(proposal === undefined ? {} : { defaultUri: vscode.Uri.parse(proposal, true) }),
      filters: { [kind.name]: savedAs(kind.extension) },
    });
    return chosen?.toString();
  },

  chooseFile: async ({ title, kind }: FileQuestion) => {
    const [chosen] =
      (await vscode.window.showOpenDialog({
        title,
        canSelectMany: false,
        filters: { [kind.name]: [kind.extension] },
      })) ?? [];
    return chosen?.toString();
  },

  chooseFolders: async ({ title, many }: FolderQuestion) => {
    const chosen = await vscode.window.showOpenDialog({
      title,
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: many,
    });
    return chosen?.map((uri) => uri.toString());
  },

  openInBrowser: async (address) => {
    await vscode.env.openExternal(vscode.Uri.parse(address, true));
  },
};

const optionsOf = <B extends string>(message: Message<B>): vscode.MessageOptions => ({
  modal: message.modal ?? false,
  ...(message.detail === undefined ? {} : { detail: message.detail }),
});

function frame(input: vscode.QuickInput, question: PickQuestion<never> | InputQuestion): void {
  input.title = question.title;
  input.step = question.step;
  input.totalSteps = question.steps;
  const buttons = question.canGoBack === true ? [vscode.QuickInputButtons.Back] : [];
  if ('buttons' in input) input.buttons = buttons;
}

/** Resolves with the first of accept, back and hide, and cleans up. */
function settleOnce<A>(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  resolve: (answer: Answer<A>) => void,
): (answer: Answer<A>) => void {
  let settled = false;
  const settle = (answer: Answer<A>): void => {
    if (settled) return;
    settled = true;
    resolve(answer);
    input.dispose();
  };
  input.onDidTriggerButton((button) => {
    if (button === vscode.QuickInputButtons.Back) settle(back);
  });
  input.onDidHide(() => settle(undefined));
  return settle;
}

function pickWith<T, A>(
  question: PickQuestion<T>,
  many: boolean,
  answerOf: (chosen: readonly T[]) => A | undefined,
): Promise<Answer<A>> {
  return new Promise((resolve) => {
    const box = vscode.window.createQuickPick<Row<T>>();
    frame(box, question as PickQuestion<never>);
    box.canSelectMany = many;
    // A step of several: the answers before it must survive a look at something else.
    box.ignoreFocusOut = question.stays ?? question.steps !== undefined;
    box.matchOnDescription = true;
    box.matchOnDetail = true;
    box.placeholder = question.placeholder;
    const settle = settleOnce<A>(box, resolve);
    const seen = new Set<T>();
    const show = (choices: readonly Choice<T>[], busy: boolean): void => {
      const kept = box.activeItems[0]?.choice?.value;
      const before = new Set(box.selectedItems.map((row) => row.choice?.value));
      box.busy = busy;
      box.keepScrollPosition = true;
      const nothing = choices.length === 0 && !busy ? question.nothing?.() : undefined;
      box.items = nothing === undefined ? rowsOf(choices) : [{ label: nothing, alwaysShow: true }];
      if (many) {
        // What the user ticked stays; what is new comes as it was preselected.
        box.selectedItems = box.items.filter(
          ({ choice }) => choice !== undefined && (seen.has(choice.value) ? before.has(choice.value) : choice.picked),
        );
      } else {
        const active = seen.size > 0 ? box.items.filter((row) => row.choice?.value === kept && row.choice) : [];
        const preset = box.items.filter((row) => row.choice?.picked === true);
        const possible = box.items.filter(({ choice }) => choice !== undefined && choice.unavailable === undefined);
        // Enter takes what stands first, unless the person has already moved on.
        box.activeItems = [...active, ...preset, ...possible].slice(0, 1);
      }
      for (const { value } of choices) seen.add(value);
    };
    const stop = typeof question.choices === 'function' ? question.choices(show) : undefined;
    if (typeof question.choices !== 'function') show(question.choices, false);
    box.onDidAccept(() => {
      const chosen = box.selectedItems.flatMap(({ choice }) => (choice === undefined ? [] : [choice]));
      const refused = chosen.find(({ unavailable }) => unavailable !== undefined);
      if (refused !== undefined) {
        box.placeholder = `${refused.label}: ${refused.unavailable ?? ''}`;
        box.value = '';
        return;
      }
      if (!many && chosen.length === 0) return;
      settle(answerOf(chosen.map(({ value }) => value)));
    });
    box.onDidHide(() => stop?.());
    box.show();
  });
}

/** Available choices in the order given, under their headings; then those that cannot be chosen, with their reasons. */
function rowsOf<T>(choices: readonly Choice<T>[]): Row<T>[] {
  const rows: Row<T>[] = [];
  const available = choices.filter(({ unavailable }) => unavailable === undefined);
  const refused = choices.filter(({ unavailable }) => unavailable !== undefined);
  let group: string | undefined;
  for (const choice of available) {
    if (choice.group !== undefined && choice.group !== group) {
      group = choice.group;
      rows.push({ label: group, kind: vscode.QuickPickItemKind.Separator });
    }
    rows.push(rowOf(choice, choice.icon, choice.detail));
  }
  if (refused.length > 0) {
    rows.push({ label: vscode.l10n.t('Not possible'), kind: vscode.QuickPickItemKind.Separator });
    rows.push(...refused.map((choice) => rowOf(choice, 'circle-slash', choice.unavailable)));
  }
  return rows;
}

function rowOf<T>(choice: Choice<T>, icon: string | undefined, detail: string | undefined): Row<T> {
  return {
    label: choice.label,
    ...(choice.description === undefined ? {} : { description: choice.description }),
    ...(detail === undefined ? {} : { detail }),
    ...(icon === undefined ? {} : { iconPath: new vscode.ThemeIcon(icon) }),
    choice,
  };
}
