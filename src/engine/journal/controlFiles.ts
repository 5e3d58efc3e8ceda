import { randomBytes } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlRequest, Instant } from '../ports.ts';
import { fileMode } from './durableFile.ts';

/*
 * What others ask of the driver: empty files whose name says it all, `<time>-<random>.<request>`, so that writing one
 * is a single step and nobody can see a half of it.
 */

const pattern = /^\d+-[0-9a-f]+\.(pause|resume|cancel|retry|catchUp)$/;

/** Leaves a request for the driver. */
export async function writeControl(folder: string, control: ControlRequest, now: Instant): Promise<void> {
  const name = `${String(Math.floor(now)).padStart(15, '0')}-${randomBytes(6).toString('hex')}.${control}`;
  await writeFile(join(folder, name), '', { mode: fileMode, flag: 'wx' });
}

/** Takes all requests away, oldest first. */
export async function takeControls(folder: string): Promise<readonly ControlRequest[]> {
  const taken: ControlRequest[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const control = pattern.exec(name)?.[1];
    if (control === undefined) continue;
    await rm(join(folder, name), { force: true });
    taken.push(control as ControlRequest);
  }
  return taken;
}
