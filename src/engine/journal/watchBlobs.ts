import type { JournalBlobs } from './journalBlobs.ts';
import type { Sleep } from './patience.ts';

/** Storage accounts tell nobody of changes: a listing, which costs a fraction of a cent an hour, shows them. */
export const lookEveryMs = 5_000;

/** Calls back after blobs below a prefix were added, changed or removed; returns the way to stop. */
export function watchBlobs(blobs: JournalBlobs, prefix: string, changed: () => void, sleep: Sleep): () => void {
  const watching = { stopped: false };
  const isStopped = (): boolean => watching.stopped;
  const look = async (): Promise<void> => {
    let last: string | undefined;
    while (!isStopped()) {
      // A listing that fails tells nothing; the next one will.
      const seen = await blobs.list(prefix).then(fingerprint, () => last);
      if (isStopped()) return;
      if (last !== undefined && seen !== last) changed();
      last = seen;
      await sleep(lookEveryMs);
    }
  };
  void look();
  return () => {
    watching.stopped = true;
  };
}

function fingerprint(listed: readonly { readonly name: string; readonly etag: string }[]): string {
  return listed.map(({ name, etag }) => `${name} ${etag}`).join('\n');
}
