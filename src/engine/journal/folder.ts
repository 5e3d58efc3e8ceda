import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MigrationId } from '../ids.ts';
import { readSegments, type SegmentContents } from './readSegments.ts';
import { namesBefore } from './segments.ts';

/** Reads a journal folder. Throws what `readSegments` does, and errors of the file system. */
export async function readFolder(folder: string, migration: MigrationId): Promise<SegmentContents> {
  const names = await readdir(folder);
  return readSegments({ names, bytes: (name) => readFile(join(folder, name)) }, migration);
}

/** Removes segments and snapshots that a snapshot of this sequence stands for. */
export async function removeBefore(folder: string, sequence: number): Promise<void> {
  for (const name of namesBefore(await readdir(folder), sequence)) await rm(join(folder, name), { force: true });
}
