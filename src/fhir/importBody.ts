import { FailureError } from '../failure/failure.ts';

export interface ImportFile {
  readonly type: string;
  readonly url: string;
  /** ETag of the blob as storage gives it, without quotes; absent: the target takes the file as it finds it. */
  readonly etag?: string | undefined;
}

export interface ImportRequest {
  readonly files: readonly ImportFile[];
  readonly errorContainer: string;
  readonly allowNegativeVersions: boolean;
  /** Part of the definition that the server hashes: changing it makes a new job of the same files. */
  readonly processingUnitBytesToRead?: number;
}

/**
 * Body of `$import`. The same request always gives the same text, because the server recognises a repeated registration
 * by its definition. Throws `invalidInput` for no file and for a SearchParameter file, which the server refuses too; a file
 * that is in it twice is left to the server (fhir-server: ImportController), because looking for it here would cost as
 * much time as all the rest.
 */
export function importBody(request: ImportRequest): string {
  check(request);
  const text = jsonText;
  const head = [
    '{"name":"inputFormat","valueString":"application/fhir+ndjson"}',
    '{"name":"mode","valueString":"IncrementalLoad"}',
    `{"name":"allowNegativeVersions","valueBoolean":${String(request.allowNegativeVersions)}}`,
    `{"name":"errorContainerName","valueString":${text(request.errorContainer)}}`,
    ...(request.processingUnitBytesToRead === undefined
      ? []
      : [`{"name":"processingUnitBytesToRead","valueInteger":${request.processingUnitBytesToRead}}`]),
    '{"name":"storageDetail","part":[{"name":"type","valueString":"azure-blob"}]}',
  ];
  // Written as text: an object for each of 100,000 files would cost several times as much time and memory.
  let type = '';
  let start = '';
  const inputs = request.files.map((file) => {
    if (file.type !== type) {
      type = file.type;
      start = `{"name":"input","part":[{"name":"type","valueString":${text(type)}},{"name":"url","valueUri":`;
    }
    const etag = file.etag === undefined ? '' : `,{"name":"etag","valueUri":${text(file.etag)}}`;
    return `${start}${text(file.url)}}${etag}]}`;
  });
  return `{"resourceType":"Parameters","parameter":[${head.join(',')},${inputs.join(',')}]}`;
}

const needsNoEscape = /^[ !#-[\]-~]*$/;

/** JSON of a text; addresses and ETags are plain ASCII, for which the general way costs most of the time. */
function jsonText(text: string): string {
  return needsNoEscape.test(text) ? `"${text}"` : JSON.stringify(text);
}

function check({ files }: ImportRequest): void {
  const invalid = (why: string) =>
    new FailureError({ kind: 'invalidInput', message: `The import cannot start: ${why}.` });
  if (files.length === 0) throw invalid('it has no file');
  if (files.some(({ type }) => type === 'SearchParameter'))
    throw invalid('search parameters cannot be imported, only written');
}
