import * as v from 'valibot';
import { blobBytes } from './blobBytes.ts';
import { parseBlobAddress } from './blobAddress.ts';
import { lineIdentity } from './lineIdentity.ts';
import { ndjsonLines } from './ndjsonLines.ts';
import type { StorageAccess } from './storageClient.ts';

const maxFileBytes = 256 * 1_048_576;
const maxLineBytes = 4 * 1_048_576;

const schema = v.pipe(
  v.record(v.string(), v.unknown()),
  v.check(({ resourceType, url }) => resourceType === 'SearchParameter' && typeof url === 'string'),
);

/** A custom search parameter: its identity for the journal, its resource for the target. */
export interface SearchParameterSource {
  readonly url: string;
  readonly resource: Readonly<Record<string, unknown>>;
}

interface Held {
  readonly version: number;
  /** Undefined: deleted. */
  readonly parameter: SearchParameterSource | undefined;
}

/**
 * Custom search parameters in exported files, each in its newest version; deleted ones are left out. Files of other types
 * are not read.
 */
export async function stagedSearchParameters(
  storage: StorageAccess,
  files: readonly { readonly type: string; readonly url: string }[],
  signal: AbortSignal,
): Promise<readonly SearchParameterSource[]> {
  const byId = new Map<string, Held>();
  for (const file of files) {
    if (file.type !== 'SearchParameter') continue;
    const { container, path } = parseBlobAddress(storage.account, file.url);
    try {
      const blob = (await storage.client()).getContainerClient(container).getBlobClient(path);
      const bytes = blobBytes(blob, { from: 0, limit: maxFileBytes }, signal);
      for await (const line of ndjsonLines(bytes, maxLineBytes)) if (!line.tooLong) keepNewest(byId, line.text);
    } catch (error) {
      const about = { request: 'GET {SearchParameter file}', tried: 'Reading exported search parameters' };
      throw await storage.failure(error, about, signal);
    }
  }
  const byUrl = new Map([...byId.values()].flatMap(({ parameter }) => (parameter ? [[parameter.url, parameter]] : [])));
  return [...byUrl.values()];
}

function keepNewest(byId: Map<string, Held>, text: string): void {
  const identity = lineIdentity(text);
  if (identity === undefined) return;
  const version = identity.lastUpdated ?? 0;
  const held = byId.get(identity.id);
  if (held !== undefined && held.version > version) return;
  if (identity.deleted) {
    byId.set(identity.id, { version, parameter: undefined });
    return;
  }
  const read = v.safeParse(schema, JSON.parse(text));
  if (!read.success) return;
  const { url } = read.output;
  if (typeof url === 'string') byId.set(identity.id, { version, parameter: { url, resource: read.output } });
}
