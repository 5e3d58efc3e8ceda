import * as v from 'valibot';
import { resourceTypePattern } from './names.ts';

export interface ManifestFile {
  readonly type: string;
  readonly url: string;
  readonly count: number;
}

export interface ExportManifest {
  /** Milliseconds since 1970 UTC. */
  readonly transactionTime: number;
  /** The export's full original request address. */
  readonly request: string;
  readonly output: readonly ManifestFile[];
  readonly errors: readonly ManifestFile[];
  /** Files of bundles of deletions (FHIR Bulk Data Access, "deleted"); the services of Azure export tombstones instead. */
  readonly deleted?: readonly ManifestFile[];
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const url = v.pipe(v.string(), v.minLength(1), v.maxLength(2_048));

/** One check for the whole entry: a schema for each of its fields takes many times as long for 100,000 files. */
const fileSchema = v.custom<ManifestFile>((file) => {
  if (typeof file !== 'object' || file === null) return false;
  if (!('type' in file) || !('url' in file) || !('count' in file)) return false;
  return (
    typeof file.type === 'string' &&
    resourceTypePattern.test(file.type) &&
    typeof file.url === 'string' &&
    file.url.length > 0 &&
    file.url.length <= 2_048 &&
    Number.isSafeInteger(file.count) &&
    Number(file.count) >= 0
  );
}, 'a file with type, url and count');
/** Entries of `error` may leave out their count. */
const errorSchema = v.object({ type: v.optional(v.string(), 'OperationOutcome'), url, count: v.optional(count, 0) });

/** Entries of `deleted` may leave out their count, too. */
const deletedSchema = v.object({ type: v.optional(v.string(), 'Bundle'), url, count: v.optional(count, 0) });

/** Most files of one manifest; a real one of 100 million resources has about 20,000. */
const maxFiles = 2_000_000;

/** Schema of the manifest of a completed export (fhir-server: GetExportRequestHandler). */
export const manifestSchema = v.pipe(
  v.object({
    transactionTime: v.pipe(
      v.string(),
      v.transform((text) => Date.parse(text)),
      v.number('an instant'),
    ),
    request: v.optional(v.string(), ''),
    output: v.pipe(v.array(fileSchema), v.maxLength(maxFiles)),
    error: v.optional(v.pipe(v.array(errorSchema), v.maxLength(maxFiles)), []),
    deleted: v.optional(v.pipe(v.array(deletedSchema), v.maxLength(maxFiles)), []),
  }),
  v.transform(({ transactionTime, request, output, error, deleted }): ExportManifest => ({
    transactionTime,
    request,
    output,
    errors: error,
    ...(deleted.length === 0 ? {} : { deleted }),
  })),
);
