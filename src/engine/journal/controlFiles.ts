import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DriverRequest, Instant } from '../ports.ts';
import { writeDurably } from './durableFile.ts';
import { encodeRequest, requestLimit } from './requestFormat.ts';
import { isRequestName, requestIn, requestName } from './requestName.ts';

/** Leaves a request for the driver. Nobody can see a half of it. */
export async function writeControl(folder: string, control: DriverRequest, now: Instant): Promise<void> {
  await writeDurably(join(folder, requestName(now)), encodeRequest(control));
}

/** Takes all requests away, oldest first. What this program does not understand is left for one that does. */
export async function takeControls(folder: string): Promise<readonly DriverRequest[]> {
  const taken: DriverRequest[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (!isRequestName(name)) continue;
    const path = join(folder, name);
    if ((await stat(path)).size > requestLimit) continue;
    const request = requestIn(name, await readFile(path, 'utf8'));
    if (request === undefined) continue;
    await rm(path, { force: true });
    taken.push(request);
  }
  return taken;
}
