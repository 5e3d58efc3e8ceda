import { blobBytes } from './blobBytes.ts';
import { parseBlobAddress } from './blobAddress.ts';
import { type LineIdentity, lineIdentity } from './lineIdentity.ts';
import { ndjsonLines } from './ndjsonLines.ts';
import { readRefusal, type Refusal, type RefusalReason } from './refusal.ts';
import type { StorageAccess } from './storageClient.ts';
import { unitLines } from './workUnit.ts';

/** Refused lines of one error file that are looked at; the rest is reported as unknown. */
export const maxRefusals = 200_000;
const maxErrorFileBytes = 128 * 1_048_576;
const maxErrorLineBytes = 65_536;

export interface ImportErrorFile {
  readonly inputUrl: string;
  readonly type: string | null;
  readonly count: number;
  readonly url: string;
}

/** One refused line of an import, read from its error file and its input. */
export interface RefusedLine {
  readonly reason: RefusalReason;
  readonly type: string | null;
  readonly id?: string;
  readonly versionId?: string;
  /** Milliseconds since 1970 UTC. */
  readonly lastUpdated?: number;
  /** The line was a tombstone. */
  readonly deleted?: boolean;
  /** Where it stands in the input: first byte of its work unit, and its number in it from 1; absent when not found. */
  readonly place?: { readonly offset: number; readonly line: number };
}

/**
 * Refused lines of one error file with what the input says about them. Yields exactly `error.count` lines, at most
 * 200,000: lines that cannot be read, or that the file lacks, are `unknown`, so that nothing refused goes uncounted.
 */
export async function* refusedLines(
  storage: StorageAccess,
  error: ImportErrorFile,
  signal: AbortSignal,
): AsyncGenerator<RefusedLine, void> {
  const expected = Math.min(error.count, maxRefusals);
  const refusals = await readErrorFile(storage, error, expected, signal);
  const lines = await findInputLines(storage, error, refusals, signal);
  for (const refusal of refusals) yield describe(refusal, error.type, lines);
  for (let missing = refusals.length; missing < expected; missing += 1) yield { reason: 'unknown', type: error.type };
}

type InputLines = ReadonlyMap<string, LineIdentity>;

function describe(refusal: Refusal, type: string | null, lines: InputLines): RefusedLine {
  const found = refusal.place === undefined ? undefined : lines.get(keyOf(refusal.place));
  // Another id at that place means that server and client count lines differently: then the place proves nothing.
  if (found === undefined || (refusal.id !== undefined && refusal.id !== found.id))
    return { reason: refusal.reason, type, ...(refusal.id === undefined ? {} : { id: refusal.id }) };
  return {
    reason: refusal.reason,
    type: found.type,
    id: found.id,
    deleted: found.deleted,
    ...(refusal.place === undefined ? {} : { place: refusal.place }),
    ...(found.versionId === undefined ? {} : { versionId: found.versionId }),
    ...(found.lastUpdated === undefined ? {} : { lastUpdated: found.lastUpdated }),
  };
}

function keyOf({ offset, line }: NonNullable<Refusal['place']>): string {
  return `${offset}:${line}`;
}

async function readErrorFile(
  storage: StorageAccess,
  error: ImportErrorFile,
  expected: number,
  signal: AbortSignal,
): Promise<readonly Refusal[]> {
  const { container, path } = parseBlobAddress(storage.account, error.url);
  const refusals: Refusal[] = [];
  try {
    const blob = (await storage.client()).getContainerClient(container).getBlobClient(path);
    const bytes = blobBytes(blob, { from: 0, limit: maxErrorFileBytes }, signal);
    for await (const line of ndjsonLines(bytes, maxErrorLineBytes)) {
      if (refusals.length === expected) break;
      refusals.push(line.tooLong ? { reason: 'unknown', id: undefined, place: undefined } : readRefusal(line.text));
    }
  } catch (thrown) {
    const failure = await storage.failure(
      thrown,
      { request: 'GET {error file}', tried: 'Reading an error file' },
      signal,
    );
    // A file that is gone cannot come back; everything else may, so it is for the caller to try again.
    if (failure.failure.kind !== 'notFound') throw failure;
    storage.log.warn('An error file is missing', { service: storage.account.name, lines: error.count });
  }
  return refusals;
}

/** Reads the work units that refusals point into, each once and only as far as its last refused line. */
async function findInputLines(
  storage: StorageAccess,
  error: ImportErrorFile,
  refusals: readonly Refusal[],
  signal: AbortSignal,
): Promise<InputLines> {
  const wanted = Map.groupBy(
    refusals.flatMap(({ place }) => place ?? []),
    ({ offset }) => offset,
  );
  const found = new Map<string, LineIdentity>();
  if (wanted.size === 0) return found;
  const { container, path } = parseBlobAddress(storage.account, error.inputUrl);
  try {
    const blob = (await storage.client()).getContainerClient(container).getBlobClient(path);
    for (const [offset, places] of wanted) {
      const numbers = new Set(places.map(({ line }) => line));
      const last = places.reduce((most, { line }) => Math.max(most, line), 0);
      let number = 0;
      for await (const text of unitLines(blob, offset, signal)) {
        number += 1;
        const identity = numbers.has(number) && text !== undefined ? lineIdentity(text) : undefined;
        if (identity !== undefined) found.set(keyOf({ offset, line: number }), identity);
        if (number >= last) break;
      }
    }
  } catch (thrown) {
    const failure = await storage.failure(
      thrown,
      { request: 'GET {input file}', tried: 'Reading refused lines' },
      signal,
    );
    if (failure.failure.kind !== 'notFound') throw failure;
    storage.log.warn('The input of an import is missing', { service: storage.account.name });
  }
  return found;
}
