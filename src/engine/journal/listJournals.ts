import { readdir } from 'node:fs/promises';
import { migrationId, type MigrationId } from '../ids.ts';
import { errorCode, fileFailure } from './fileErrors.ts';

const idPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,80}$/;

/** Migrations whose journals lie in a folder; none when the folder does not exist. */
export async function listFileJournals(root: string): Promise<readonly MigrationId[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && idPattern.test(entry.name))
      .map((entry) => migrationId(entry.name))
      .sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileFailure(error, 'list the journals');
  }
}
