import type { PartRef, PartResult } from '../events.ts';
import { fileKey, type WindowFile } from '../exports/manifest.ts';
import type { ImportErrorOutput, ImportFile, ImportRequest, ImportResult } from '../ports.ts';
import type { Part } from '../state/state.ts';

/** A file of an import, with the part that it is accounted to. Stored as the import's list attachment. */
export interface ListedFile extends ImportFile {
  readonly count: number;
  /** Index into the import's parts. */
  readonly part: number;
}

/** The files of a part, in the order of its window's manifest. */
export function filesOfPart(
  files: readonly WindowFile[],
  part: Pick<Part, 'from' | 'files'>,
  index: number,
): ListedFile[] {
  return files
    .slice(part.from, part.from + part.files)
    .map(({ type, url, etag, count }) => ({ type, url, etag, count, part: index }));
}

/** Work unit of an import by default (ImportOrchestratorJob). */
const defaultUnit = 10_000_000;
const largestUnit = 160_000_000;

/**
 * `processingUnitBytesToRead` of the n-th import of the same files: absent for the first, then larger each time, so
 * that a failed job is never found again by its definition, and a resource larger than a unit fits in the end.
 */
export function unitBytes(attempt: number): number | undefined {
  if (attempt <= 1) return undefined;
  return Math.min(defaultUnit * 2 ** (attempt - 1), largestUnit) + attempt;
}

/** The request of an import. The same list gives the same body, byte for byte. */
export function importRequest(
  list: readonly ListedFile[],
  errorContainer: string,
  unit: number | undefined,
): ImportRequest {
  return {
    files: list.map(({ type, url, etag }) => ({ type, url, etag })),
    errorContainer,
    allowNegativeVersions: true,
    ...(unit === undefined ? {} : { processingUnitBytesToRead: unit }),
  };
}

/** One entry of an import's error list, with the part that it is about. */
export interface RefusedFile extends ImportErrorOutput {
  readonly part: number;
}

/** An import's result, accounted: what the journal says of each part, and the error files to be judged. */
export interface AccountedImport {
  readonly parts: readonly PartResult[];
  readonly refused: readonly RefusedFile[];
}

/**
 * Line for line: for every file, manifest count = loaded + refused, both summed over all units of the job. A surplus
 * of one file never makes up for the loss of another.
 */
export function accountImport(
  refs: readonly PartRef[],
  list: readonly ListedFile[],
  result: ImportResult,
): AccountedImport {
  const loaded = sumByFile(result.output);
  const refusedLines = sumByFile(result.error);
  const partOf = new Map(list.map((file) => [fileKey(file.url), file.part]));
  const sums = refs.map(() => ({ imported: 0, refused: 0, unaccounted: 0 }));
  for (const file of list) {
    const sum = sums[file.part];
    if (sum === undefined) continue;
    const key = fileKey(file.url);
    const imported = loaded.get(key) ?? 0;
    const refused = refusedLines.get(key) ?? 0;
    sum.imported += imported;
    sum.refused += refused;
    sum.unaccounted += Math.max(0, file.count - imported - refused);
  }
  const refused = result.error.flatMap((entry): readonly RefusedFile[] => {
    const part = partOf.get(fileKey(entry.inputUrl));
    return part === undefined || entry.count === 0 ? [] : [{ ...entry, part }];
  });
  return {
    parts: refs.flatMap((ref, index) => {
      const sum = sums[index];
      return sum === undefined ? [] : [{ ...ref, ...sum }];
    }),
    refused,
  };
}

function sumByFile(entries: readonly { readonly inputUrl: string; readonly count: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { inputUrl, count } of entries) {
    const key = fileKey(inputUrl);
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return sums;
}
