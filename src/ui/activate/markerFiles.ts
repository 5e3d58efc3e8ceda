import * as vscode from 'vscode';
import type { MarkerFiles } from '../migrations/unfinished.ts';

/** Marker files in a folder of the extension's storage. A folder that is not there yet holds none. */
export function markerFiles(folder: vscode.Uri): MarkerFiles {
  const { fs } = vscode.workspace;
  const file = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, name);
  return {
    names: () =>
      Promise.resolve(fs.readDirectory(folder)).then(
        (entries) => entries.map(([name]) => name),
        () => [],
      ),
    read: async (name) => Buffer.from(await fs.readFile(file(name))).toString('utf8'),
    write: async (name, text) => {
      await fs.createDirectory(folder);
      await fs.writeFile(file(name), Buffer.from(text, 'utf8'));
    },
    remove: (name) =>
      Promise.resolve(fs.delete(file(name))).catch((error: unknown) => {
        if (!(error instanceof vscode.FileSystemError) || error.code !== 'FileNotFound') throw error;
      }),
  };
}
