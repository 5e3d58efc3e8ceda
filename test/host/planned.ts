import { commands, workspace } from 'vscode';

import { ScriptedPrompts, type Line } from './scriptedPrompts.ts';
import { serviceRow, signedIn } from './signedIn.ts';
import { sourceName } from './world.ts';

/** Writes the plan of a migration of everything, but for other answers. */
export async function plan(target: string, name: string, answers: Record<string, readonly Line[]> = {}): Promise<void> {
  const api = await signedIn();
  api.setPrompts(
    new ScriptedPrompts({
      'migrate.target': [target],
      'migrate.staging': ['contosostaging'],
      'migrate.what': ['Everything'],
      'migrate.versions': [['Deleted resources']],
      'migrate.ending': ['It ends'],
      'migrate.name': [name],
      'migrate.folder': ['workspace'],
      ...answers,
    }),
  );
  const source = await serviceRow(api, sourceName);
  await commands.executeCommand('fhirMigration.migrate', source.ref);
}

/** Address of the plan file of that name. */
export function planFile(name: string): unknown {
  return workspace.textDocuments.find(({ uri }) => uri.path.endsWith(`/${name}.fhirmigration.json`))?.uri;
}
