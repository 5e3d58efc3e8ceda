import { createHash } from 'node:crypto';
import type { BlobAccount } from '../../blob/blobAccount.ts';
import type { FhirHttpRequest } from '../../fhir/http.ts';
import type { FhirServiceContext } from '../../fhir/operations.ts';
import { badRequest } from '../../fhir/outcome.ts';
import { resourceTypes } from '../../fhir/resourceTypes.ts';
import { unsupported } from '../export/exportHeaders.ts';
import { type ImportParameters, readParameters } from './importParameters.ts';

export interface ImportInput {
  readonly url: string;
  readonly type: string | undefined;
  /** As given; compared letter by letter to the blob's ETag without the quotes of the header. */
  readonly etag: string | undefined;
}

/** What an accepted import is to do. */
export interface ImportDefinition {
  /** The address as the client sent it. */
  readonly request: string;
  readonly mode: 'InitialLoad' | 'IncrementalLoad';
  readonly inputs: readonly ImportInput[];
  readonly allowNegativeVersions: boolean;
  readonly errorContainer: string;
  readonly bytesPerUnit: number;
  /** The same for the same definition: registration goes by it. */
  readonly hash: string;
}

/** fhir-server, ImportOrchestratorJob: BytesToReadDefault. */
const defaultBytesPerUnit = 10_000_000;
const defaultErrorContainer = 'fhirlogs';

/**
 * Checks and reads a request to `$import`, in the order in which the services check.
 * @param account the configured import account; undefined when there is none
 * @throws FhirError 400 in the services' words
 */
export function parseImportRequest(
  request: FhirHttpRequest,
  context: FhirServiceContext,
  account: BlobAccount | undefined,
): ImportDefinition {
  const { prefer } = request.headers;
  if (prefer?.toLowerCase() !== 'respond-async') throw unsupported(prefer ?? '', 'Prefer');
  const contentType = request.headers['content-type'];
  if (contentType?.toLowerCase().includes('application/fhir+json') !== true) {
    throw unsupported(contentType ?? '', 'Content-Type');
  }
  const spec = context.spec();
  if (spec.flavour === 'azureApiForFhir' || spec.importEnabled === false) {
    throw badRequest('The requested "import" operation is not enabled');
  }
  const parameters = readParameters(request.body.toString('utf8'));
  checkFormats(parameters);
  const inputs = checkInputs(parameters, account);
  const mode = modeOf(parameters, spec.initialImportMode === true);
  const definition = {
    request: request.url,
    mode,
    inputs,
    allowNegativeVersions: parameters.flag('allowNegativeVersions'),
    errorContainer: parameters.text('errorContainerName') ?? defaultErrorContainer,
    bytesPerUnit: bytesPerUnit(parameters),
  } as const;
  return { ...definition, hash: hashOf(definition, parameters) };
}

function checkFormats(parameters: ImportParameters): void {
  if (parameters.text('inputFormat')?.toLowerCase() !== 'application/fhir+ndjson') throw invalid('inputFormat');
  const storage = parameters.parts('storageDetail')[0]?.text('type') ?? 'azure-blob';
  if (storage.toLowerCase() !== 'azure-blob') throw invalid('storageDetails');
}

function checkInputs(parameters: ImportParameters, account: BlobAccount | undefined): readonly ImportInput[] {
  const given = parameters.parts('input').map((part) => ({
    url: part.text('url'),
    type: part.text('type'),
    etag: part.text('etag'),
  }));
  if (given.length === 0) throw invalid('input');
  if (account === undefined) {
    throw badRequest(
      'The import storage account is not configured correctly on the server. Import operations require a valid storage account.',
    );
  }
  refuseDuplicates(given.map(({ url }) => url ?? ''));
  const inputs = given.map(({ url, type, etag }) => {
    if (type !== undefined && !resourceTypes.has(type)) throw unsupportedType(type);
    if (url === undefined || !URL.canParse(url) || new URL(url).search !== '') throw invalid('input.url');
    if (!isInAccount(new URL(url), account)) {
      throw badRequest('input.url must match the configured integration storage account endpoint.');
    }
    return { url, type, etag };
  });
  if (inputs.some(({ type }) => type === 'SearchParameter')) throw unsupportedType('SearchParameter');
  return inputs;
}

function refuseDuplicates(urls: readonly string[]): void {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const url of urls) {
    if (seen.has(url)) twice.add(url);
    seen.add(url);
  }
  if (twice.size > 0) {
    throw badRequest(`Import request cannot have duplicate files. Found duplicates: ${[...twice].join(', ')}`);
  }
}

/** Scheme and host, never the port; the account is part of the host in Azure and the first segment of the path here. */
function isInAccount(url: URL, account: BlobAccount): boolean {
  const own = new URL(account.endpoint);
  return url.protocol === own.protocol && url.hostname === own.hostname && url.pathname.startsWith(`${own.pathname}/`);
}

function modeOf(parameters: ImportParameters, initialImportMode: boolean): ImportDefinition['mode'] {
  const mode = (parameters.text('mode') ?? 'IncrementalLoad').toLowerCase();
  if (mode === 'incrementalload') return 'IncrementalLoad';
  if (mode !== 'initialload') {
    throw badRequest(
      'Import mode can be either "InitialLoad"or "IncrementalLoad". Please add appropriate mode value to parameters.',
    );
  }
  if (!initialImportMode && !parameters.flag('force')) {
    throw badRequest(
      'Initial import mode is not enabled. Please update service configuration to enable initial import mode.',
    );
  }
  return 'InitialLoad';
}

function bytesPerUnit(parameters: ImportParameters): number {
  const text = parameters.text('processingUnitBytesToRead') ?? '0';
  if (!/^\d{1,9}$/.test(text)) throw invalid('processingUnitBytesToRead');
  return Number(text) === 0 ? defaultBytesPerUnit : Number(text);
}

/** `force` is not part of what is hashed; whatever is given by its default is the same as what is not given. */
function hashOf(definition: Omit<ImportDefinition, 'hash'>, parameters: ImportParameters): string {
  const rest = [parameters.text('inputSource'), parameters.flag('eventualConsistency')];
  return createHash('sha256')
    .update(JSON.stringify([definition, rest]))
    .digest('hex');
}

function invalid(name: string): Error {
  return badRequest(`Value of the following parameter ${name} is invalid.`);
}

function unsupportedType(type: string): Error {
  return badRequest(`Requested operation does not support resource type: ${type}.`);
}
