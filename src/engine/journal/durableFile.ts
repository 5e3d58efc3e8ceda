import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Folders and files of a journal are for their owner only. */
export const folderMode = 0o700;
export const fileMode = 0o600;

/** Makes additions to a folder durable; a file system that cannot is left as it is. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and needs no sync of them.
  const handle = await open(folder, 'r').catch(() => undefined);
  if (handle === undefined) return;
  try {
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}

/** Writes a file so that it is either there in full or not at all, also after a crash. */
export async function writeDurably(path: string, content: string | Buffer): Promise<void> {
  const temporary = await writeTemporary(path, content);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Writes and syncs a file beside its final place; gives its path. */
export async function writeTemporary(path: string, content: string | Buffer): Promise<string> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await open(temporary, 'wx', fileMode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await handle.close();
  return temporary;
}
