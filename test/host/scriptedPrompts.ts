import { back } from '../../src/ui/platform/prompts.ts';
import type {
  Answer,
  Choice,
  FileQuestion,
  FolderQuestion,
  InputQuestion,
  Message,
  PickQuestion,
  Prompts,
  SaveQuestion,
} from '../../src/ui/platform/prompts.ts';

/** What the script says to a question: a label or several, a text, a button's id, `back`, or undefined to dismiss it. */
export type Line = string | readonly string[] | typeof back | undefined;

/** A question as it was asked. */
export interface Asked {
  readonly id: string;
  readonly text: string;
  /** Labels of what could be chosen, and the reasons of what could not. */
  readonly labels: readonly string[];
}

/**
 * Answers prompts by the ids of their questions, line after line. A question that the script does not know fails at
 * once, in the command that asked it and in the test that reads `unexpected`.
 */
export class ScriptedPrompts implements Prompts {
  readonly asked: Asked[] = [];
  readonly unexpected: string[] = [];
  readonly opened: string[] = [];
  readonly #script: Map<string, Line[]>;

  constructor(script: Readonly<Record<string, readonly Line[]>> = {}) {
    this.#script = new Map(Object.entries(script).map(([id, lines]) => [id, [...lines]]));
  }

  async pick<T>(question: PickQuestion<T>): Promise<Answer<T>> {
    const line = this.#lineFor(question.id, question.placeholder ?? question.title);
    if (line === undefined || line === back) return line;
    const [chosen] = await this.#chosen(question, typeof line === 'string' ? [line] : line);
    return chosen;
  }

  async pickMany<T>(question: PickQuestion<T>): Promise<Answer<readonly T[]>> {
    const line = this.#lineFor(question.id, question.placeholder ?? question.title);
    if (line === undefined || line === back) return line;
    return await this.#chosen(question, typeof line === 'string' ? [line] : line);
  }

  async input(question: InputQuestion): Promise<Answer<string>> {
    const line = this.#lineFor(question.id, question.prompt);
    if (line === undefined || line === back) return line;
    const text = String(line);
    const problem = question.problem?.(text);
    if (problem !== undefined) throw new Error(`${question.id} refuses ${text}: ${problem}`);
    return await Promise.resolve(text);
  }

  async message<B extends string>(message: Message<B>): Promise<B | undefined> {
    const line = this.#lineFor(message.id, message.text);
    const button = message.buttons.find(({ id }) => id === line);
    if (line !== undefined && button === undefined) throw new Error(`${message.id} has no button ${String(line)}.`);
    return await Promise.resolve(button?.id);
  }

  async saveFile(question: SaveQuestion): Promise<string | undefined> {
    const line = this.#lineFor(question.id, question.title);
    return await Promise.resolve(typeof line === 'string' ? line : undefined);
  }

  async chooseFile(question: FileQuestion): Promise<string | undefined> {
    const line = this.#lineFor(question.id, question.title);
    return await Promise.resolve(typeof line === 'string' ? line : undefined);
  }

  async chooseFolders(question: FolderQuestion): Promise<readonly string[] | undefined> {
    const line = this.#lineFor(question.id, question.title);
    return await Promise.resolve(Array.isArray(line) ? (line as readonly string[]) : undefined);
  }

  async openInBrowser(address: string): Promise<void> {
    await Promise.resolve(this.opened.push(address));
  }

  #lineFor(id: string, text: string): Line {
    const lines = this.#script.get(id);
    this.asked.push({ id, text, labels: [] });
    if (lines === undefined || lines.length === 0) {
      this.unexpected.push(`${id}: ${text}`);
      throw new Error(`Nobody expected the question ${id}: ${text}`);
    }
    return lines.shift();
  }

  /** Waits for choices that come one after the other until all wanted ones can be chosen. */
  async #chosen<T>(question: PickQuestion<T>, labels: readonly string[]): Promise<readonly T[]> {
    const { choices } = question;
    if (typeof choices !== 'function') {
      this.#remember(question.id, choices);
      return labels.map((label) => valueOf(question.id, choices, label));
    }
    const shown = await new Promise<readonly Choice<T>[]>((resolve) => {
      const stop = choices((sofar, busy) => {
        this.#remember(question.id, sofar);
        if (busy && !labels.every((label) => sofar.some((choice) => choice.label === label))) return;
        resolve(sofar);
        queueMicrotask(() => stop());
      });
    });
    return labels.map((label) => valueOf(question.id, shown, label));
  }

  #remember(id: string, choices: readonly Choice<unknown>[]): void {
    const labels = choices.map(({ label, unavailable }) =>
      unavailable === undefined ? label : `${label}: ${unavailable}`,
    );
    const last = this.asked.findLastIndex((asked) => asked.id === id);
    const asked = this.asked[last];
    if (asked !== undefined) this.asked[last] = { ...asked, labels };
  }
}

function valueOf<T>(id: string, choices: readonly Choice<T>[], label: string): T {
  const choice = choices.find((each) => each.label === label);
  if (choice === undefined) {
    throw new Error(`${id} does not offer ${label}, but ${choices.map((each) => each.label).join(', ')}.`);
  }
  if (choice.unavailable !== undefined) throw new Error(`${id} does not let choose ${label}: ${choice.unavailable}`);
  return choice.value;
}
