import { watch, type FSWatcher } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** File systems that tell nothing, and network shares, are looked at this often. */
const lookEveryMs = 2_000;

/** Calls back after files were added or grew in any of the folders; returns the way to stop. */
export function watchFolder(folders: readonly string[], changed: () => void): () => void {
  const watching = { stopped: false, looking: false, again: false };
  const isStopped = (): boolean => watching.stopped;
  let last: string | undefined;
  const look = async (): Promise<void> => {
    if (isStopped()) return;
    watching.again = watching.looking;
    if (watching.looking) return;
    watching.looking = true;
    const seen = await fingerprint(folders);
    watching.looking = false;
    const isNew = last !== undefined && last !== seen;
    last = seen;
    if (isStopped()) return;
    if (isNew) changed();
    if (watching.again) await look();
  };
  const watchers = folders.flatMap((folder) => watcherOf(folder, () => void look()));
  const timer = setInterval(() => void look(), lookEveryMs);
  timer.unref();
  void look();
  return () => {
    watching.stopped = true;
    clearInterval(timer);
    for (const watcher of watchers) watcher.close();
  };
}

function watcherOf(folder: string, changed: () => void): readonly FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    // A folder that goes away ends its watcher; the slow look goes on.
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}

/** Names and sizes; of leases also when they were renewed, because others tell by it whether anybody drives. */
async function fingerprint(folders: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const folder of folders) {
    for (const name of (await readdir(folder).catch(() => [])).sort()) {
      if (name.endsWith('.tmp')) continue;
      const seen = await stat(join(folder, name)).catch(() => undefined);
      parts.push(`${name} ${seen?.size ?? 0} ${name.startsWith('lease-') ? (seen?.mtimeMs ?? 0) : ''}`);
    }
  }
  return parts.join('\n');
}
