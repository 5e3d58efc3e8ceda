/*
 * How large the .vsix is that users download. For the bench runner: `packageSize()` resolves with bytes; the goal is at
 * most 2,000,000.
 */
import { stat } from 'node:fs/promises';

import { extensionPackage } from '../vscode/extensionPackage.ts';

/** Size of the packaged extension, bytes; packages it when none is given. */
export async function packageSize(): Promise<number> {
  return (await stat(await extensionPackage())).size;
}
