/*
 * Everything that asks or tells the user something goes through this port, so that tests answer without a screen.
 * Every question has a stable id.
 */

/**
 * The user pressed the back button of a question. From the registry of symbols, for commands are a bundle of their own
 * and must know it again.
 */
export const back: unique symbol = Symbol.for('fhirMigration.back');
/** What was chosen, `back`, or undefined when the question was dismissed. */
export type Answer<T> = T | typeof back | undefined;

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Name of a codicon. */
  readonly icon?: string;
  readonly value: T;
  /** Preselected. */
  readonly picked?: boolean;
  /** Heading under which it is listed. */
  readonly group?: string;
  /** Why it cannot be chosen: it is listed last, and picking it only tells the reason. */
  readonly unavailable?: string;
}

/** Shows choices as they become known; returns what stops it. `busy` while more may come. */
export type ChoiceStream<T> = (show: (choices: readonly Choice<T>[], busy: boolean) => void) => () => void;

interface Question {
  readonly id: string;
  readonly title: string;
  readonly step?: number;
  readonly steps?: number;
  readonly canGoBack?: boolean;
  readonly placeholder?: string;
}

export interface PickQuestion<T> extends Question {
  /** Says why there is nothing to choose from, when there is not. */
  readonly nothing?: () => string;
  /** Stays open while the user looks at something else in the window. */
  readonly stays?: true;
  readonly choices: readonly Choice<T>[] | ChoiceStream<T>;
}

export interface InputQuestion extends Question {
  readonly prompt: string;
  readonly value?: string;
  readonly password?: boolean;
  /** What is wrong with the text, or undefined; asked while typing. */
  readonly problem?: (text: string) => string | undefined;
}

export interface MessageButton<B extends string> {
  readonly id: B;
  readonly label: string;
  /** What Escape means in a modal message; where no button does, the editor adds Cancel. */
  readonly closes?: true;
}

export interface Message<B extends string> {
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: string;
  /** Modal only for what cannot be undone; `detail` then lists what will happen. */
  readonly modal?: boolean;
  readonly detail?: string;
  readonly buttons: readonly MessageButton<B>[];
}

export interface FileQuestion {
  readonly id: string;
  readonly title: string;
  /** Name of the kind of file, and its extension without dot. */
  readonly kind: { readonly name: string; readonly extension: string };
}

export interface SaveQuestion extends FileQuestion {
  /** Proposed address of the file. */
  readonly proposal: string | undefined;
}

export interface FolderQuestion {
  readonly id: string;
  readonly title: string;
  readonly many: boolean;
}

export interface Prompts {
  pick<T>(question: PickQuestion<T>): Promise<Answer<T>>;
  pickMany<T>(question: PickQuestion<T>): Promise<Answer<readonly T[]>>;
  input(question: InputQuestion): Promise<Answer<string>>;
  /** Resolves with the button's id, or undefined when the message was closed. */
  message<B extends string>(message: Message<B>): Promise<B | undefined>;
  /** Address of the chosen file. */
  saveFile(question: SaveQuestion): Promise<string | undefined>;
  /** Address of a file that is there. */
  chooseFile(question: FileQuestion): Promise<string | undefined>;
  /** Addresses of chosen folders. */
  chooseFolders(question: FolderQuestion): Promise<readonly string[] | undefined>;
  /** Opens an address in the browser. */
  openInBrowser(address: string): Promise<void>;
}
