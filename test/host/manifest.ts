import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extensions } from 'vscode';
import type { Extension } from 'vscode';

export interface ContributedCommand {
  readonly command: string;
  readonly title: string;
  readonly icon?: string | { readonly light: string; readonly dark: string };
}

export interface WalkthroughStep {
  readonly id: string;
  readonly description: string;
  readonly media: {
    readonly image?: string | Record<string, string>;
    readonly svg?: string;
    readonly markdown?: string;
  };
  readonly completionEvents?: readonly string[];
}

/** The parts of the manifest that name other things of it. */
export interface Manifest {
  readonly icon?: string;
  readonly contributes: {
    readonly commands: readonly ContributedCommand[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly when?: string }[]>>;
    readonly keybindings?: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon?: string }[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly walkthroughs?: readonly { readonly id: string; readonly steps: readonly WalkthroughStep[] }[];
    readonly jsonValidation?: readonly { readonly url: string }[];
  };
}

export const extensionId = 'fhir-migration.fhir-migration-for-azure';

/** @throws Error when the extension under development is not there. */
export function extensionUnderTest(): Extension<unknown> {
  const extension = extensions.getExtension(extensionId);
  if (extension === undefined) throw new Error(`${extensionId} is not there.`);
  return extension;
}

/** The manifest as VS Code understood it, with its words put in. */
export function manifest(): Manifest {
  return extensionUnderTest().packageJSON as Manifest;
}

/** A file of the extension as text. */
export async function extensionFile(path: string): Promise<string> {
  return await readFile(join(extensionUnderTest().extensionPath, path), 'utf8');
}

/** Commands that a markdown text links to. */
export function linkedCommands(markdown: string): string[] {
  return [...markdown.matchAll(/\(command:([\w.-]+)/g)].flatMap(([, command]) => command ?? []);
}
