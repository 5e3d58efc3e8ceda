import * as vscode from 'vscode';
import type { Ui } from '../ui.ts';
import { commandIds, type Command, type CommandId } from './command.ts';

let loading: Promise<Readonly<Record<CommandId, Command>>> | undefined;

/** Registers all commands behind one wrapper: a log line with the outcome, failures presented, cancellations not. */
export function registerCommands(ui: Ui): vscode.Disposable {
  const registered = commandIds.map((id) =>
    vscode.commands.registerCommand(id, async (clicked: unknown, selected: unknown) => {
      const start = Date.now();
      ui.log.debug(`${id} starts`);
      try {
        const commands = await loadCommands();
        await commands[id](ui, clicked, selected);
        ui.log.debug(`${id} done`, { ms: Date.now() - start });
      } catch (error) {
        // The message stays until it is answered; whoever called the command does not wait for that.
        void ui.presenter.present(error, id);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

function loadCommands(): Promise<Readonly<Record<CommandId, Command>>> {
  loading ??= import('./registry.ts').then(({ commands, speak }) => {
    speak(vscode.env.language, vscode.l10n.bundle ?? {});
    return commands;
  });
  return loading;
}
