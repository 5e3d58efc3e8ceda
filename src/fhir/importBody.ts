import { FailureError } from '../failure/failure.ts';

export interface ImportFile {
  readonly type: string;
  readonly url: string;
  /** ETag of the blob as storage gives it, without quotes. */
  readonly etag: string;
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
 * by its definition. Throws `invalidInput` for what the server is known to refuse: no file, a file twice, or a
 * SearchParameter file (fhir-server: ImportController).
 */
export function importBody(request: ImportRequest): string {
  check(request);
  const text = JSON.stringify;
  const head = [
    '{"name":"inputFormat","valueString":"application/fhir+ndjson"}',
    '{"name":"mode","valueString":"IncrementalLoad"}',
    `{"name":"allowNegativeVersions","valueBoolean":${String(request.allowNegativeVersions)}}`,
    `{"name":"errorContainerName","valueString":${text(request.errorContainer)}}`,
    ...(request.processingUnitBytesToRead === undefined
      ? []
      : [`{"name":"processingUnitBytesToRead","valueInteger":${text(request.processingUnitBytesToRead)}}`]),
    '{"name":"storageDetail","part":[{"name":"type","valueString":"azure-blob"}]}',
  ];
  // Written as text: an object for each of 100,000 files would cost several times as much time and memory.
  const inputs = request.files.map(
    ({ type, url, etag }) =>
      `{"name":"input","part":[{"name":"type","valueString":${text(type)}},{"name":"url","valueUri":${text(url)}},{"name":"etag","valueUri":${text(etag)}}]}`,
  );
  return `{"resourceType":"Parameters","parameter":[${head.join(',')},${inputs.join(',')}]}`;
}

function check({ files }: ImportRequest): void {
  const invalid = (why: string) =>
    new FailureError({ kind: 'invalidInput', message: `The import cannot start: ${why}.` });
  if (files.length === 0) throw invalid('it has no file');
  const urls = new Set<string>();
  for (const { type, url } of files) {
    if (type === 'SearchParameter') throw invalid('search parameters cannot be imported, only written');
    if (urls.has(url)) throw invalid('a file is in it twice');
    urls.add(url);
  }
}
