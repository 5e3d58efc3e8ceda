import * as v from 'valibot';
import { parseBlobAddress } from './blobAddress.ts';
import { blobBytes } from './blobBytes.ts';
import { deletedState } from './lineIdentity.ts';
import { ndjsonLines } from './ndjsonLines.ts';
import type { StorageAccess } from './storageClient.ts';

/** Enough to see that a configuration applies, and little to read. */
const mostFiles = 20;
const mostLines = 100;
const maxLineBytes = 4 * 1_048_576;

/** Labels that the anonymizer of the services leaves on what it changed (export contract, 1.8; HL7 v3-ObservationValue). */
const labels: ReadonlySet<string> = new Set([
  'REDACTED',
  'ABSTRED',
  'CRYTOHASHED',
  'ENCRYPTED',
  'MASKED',
  'PERTURBED',
  'PSEUDED',
  'SUBSTITUTED',
  'GENERALIZED',
]);

const schema = v.object({
  meta: v.optional(
    v.object({
      security: v.optional(v.array(v.object({ code: v.optional(v.string()) })), []),
      extension: v.optional(v.array(v.object({ url: v.optional(v.string()) })), []),
    }),
    { security: [], extension: [] },
  ),
});

/**
 * Looks at the first lines of exported files: how many resources they hold, deleted ones left out, and how many of these
 * bear a label of de-identification.
 */
export async function markedLines(
  storage: StorageAccess,
  files: readonly { readonly url: string }[],
  signal: AbortSignal,
): Promise<{ readonly lines: number; readonly marked: number }> {
  let [lines, marked] = [0, 0];
  try {
    const client = await storage.client();
    for (const { url } of files.slice(0, mostFiles)) {
      const { container, path } = parseBlobAddress(storage.account, url);
      const blob = client.getContainerClient(container).getBlobClient(path);
      let read = 0;
      for await (const line of ndjsonLines(blobBytes(blob, { from: 0, limit: Infinity }, signal), maxLineBytes)) {
        if ((read += 1) > mostLines) break;
        const state = line.tooLong ? 'unmarked' : stateOf(line.text);
        if (state === 'deleted') continue;
        lines += 1;
        if (state === 'marked') marked += 1;
      }
    }
  } catch (error) {
    const about = { request: 'GET {exported file}', tried: 'Reading a probe export' };
    throw await storage.failure(error, about, signal);
  }
  return { lines, marked };
}

function stateOf(text: string): 'marked' | 'unmarked' | 'deleted' {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'unmarked';
  }
  const read = v.safeParse(schema, json);
  if (!read.success) return 'unmarked';
  const { security, extension } = read.output.meta;
  if (extension.some(({ url }) => url === deletedState)) return 'deleted';
  return security.some(({ code }) => code !== undefined && labels.has(code)) ? 'marked' : 'unmarked';
}
