import { randomUUID } from 'node:crypto';
import type { Flavour } from '../../contract.ts';
import { fhirAnswer, type FhirHttpRequest, type FhirHttpResponse } from '../http.ts';
import { formatInstant } from '../instant.ts';
import { badRequest, FhirError, fhirError, type IssueCode } from '../outcome.ts';
import { isObject, parseResource, type JsonObject } from '../resourceText.ts';
import { requireJson } from './content.ts';

/** Most entries of a bundle. Source: microsoft/fhir-server, BundleConfiguration. */
const entryLimit = 500;

/** Requests inside a bundle are done in this order of methods. */
const methodOrder = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET', 'HEAD'];

export interface BundleSurroundings {
  readonly flavour: Flavour;
  readonly base: string;
  /** Answers one request of the bundle as if it had come alone; failures are answers. */
  dispatch(request: FhirHttpRequest, forcedId: string | undefined): Promise<FhirHttpResponse>;
  /** From here on every write can be taken back by the function that is returned. */
  beginTransaction(): { commit(): void; rollBack(): void };
}

interface Entry {
  readonly index: number;
  readonly method: string;
  readonly url: string;
  readonly request: JsonObject;
  readonly fullUrl: string | undefined;
  readonly resource: JsonObject | undefined;
  /** Id given before the writes, so that other entries can refer to it. */
  readonly forcedId: string | undefined;
}

/** Answers `POST {base}/`. @throws FhirError 400 and 405, or the failure of a transaction's entry */
export async function runBundle(around: BundleSurroundings, request: FhirHttpRequest): Promise<FhirHttpResponse> {
  requireJson(request);
  const { type, content } = parseResource(request.body.toString());
  if (type !== 'Bundle') throw badRequest('Only a bundle can be submitted for batch or transaction processing.');
  const kind = content.type;
  if (typeof kind !== 'string') {
    throw badRequest('Bundle type is not present. Possible values are: transaction or batch');
  }
  const transaction = kind === 'transaction';
  if ((kind !== 'batch' && !transaction) || (transaction && around.flavour === 'azureApiForFhir')) {
    const name = kind.charAt(0).toUpperCase() + kind.slice(1);
    throw fhirError(405, 'forbidden', `Bundles of type '${name}' are not supported for this operation.`);
  }
  const raw = Array.isArray(content.entry) ? (content.entry as unknown[]) : [];
  if (raw.length > entryLimit) {
    throw badRequest(`The number of entries in the bundle exceeded the configured limit of ${entryLimit}.`);
  }
  const entries = raw.map((entry, index) => entryOf(entry, index, transaction));
  if (transaction || request.headers['x-bundle-processing-logic'] === 'parallel') checkParameters(entries);
  const responses = transaction
    ? await runTransaction(around, request, entries)
    : await runBatch(around, request, entries);
  return fhirAnswer(200, { resourceType: 'Bundle', type: `${kind}-response`, entry: responses });
}

function entryOf(value: unknown, index: number, transaction: boolean): Entry {
  const entry = isObject(value) ? value : {};
  const request = isObject(entry.request) ? entry.request : {};
  const method = typeof request.method === 'string' ? request.method : '';
  const fullUrl = typeof entry.fullUrl === 'string' ? entry.fullUrl : undefined;
  const creates = transaction && method === 'POST' && fullUrl?.startsWith('urn:') === true;
  return {
    index,
    method,
    url: typeof request.url === 'string' ? request.url : '',
    request,
    fullUrl,
    resource: isObject(entry.resource) ? entry.resource : undefined,
    forcedId: creates ? randomUUID() : undefined,
  };
}

async function runBatch(
  around: BundleSurroundings,
  request: FhirHttpRequest,
  entries: readonly Entry[],
): Promise<readonly object[]> {
  const responses: object[] = [];
  let throttled: object | undefined;
  for (const entry of inOrder(entries)) {
    if (entry.method === '') {
      responses[entry.index] = { response: { status: '400', outcome: outcomeOf('invalid', 'Request is empty') } };
      continue;
    }
    const answer =
      throttled === undefined ? await around.dispatch(asRequest(entry, request, around.base), undefined) : undefined;
    const response: object = throttled ?? (await responseOf(answer));
    if (answer?.status === 429) throttled = response;
    responses[entry.index] = response;
  }
  return responses;
}

async function runTransaction(
  around: BundleSurroundings,
  request: FhirHttpRequest,
  entries: readonly Entry[],
): Promise<readonly object[]> {
  checkUnique(entries);
  const resolved = resolveReferences(entries);
  const responses: object[] = [];
  const undoable = around.beginTransaction();
  for (const entry of inOrder(resolved)) {
    const answer = await around.dispatch(asRequest(entry, request, around.base), entry.forcedId);
    if (answer.status >= 400) {
      undoable.rollBack();
      throw await transactionFailure(entry, answer);
    }
    responses[entry.index] = await responseOf(answer);
  }
  undoable.commit();
  return responses;
}

function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const rank = ({ method }: Entry): number => methodOrder.indexOf(method);
  return [...entries].sort((a, b) => rank(a) - rank(b) || a.index - b.index);
}

function asRequest(entry: Entry, outer: FhirHttpRequest, base: string): FhirHttpRequest {
  const url = new URL(entry.url, `${base}/`);
  const header = (name: string): Record<string, string> => {
    const value = entry.request[name.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase())];
    return typeof value === 'string' ? { [name]: value } : {};
  };
  const prefer = outer.headers.prefer;
  return {
    method: entry.method,
    path: decodeURIComponent(url.pathname.slice(new URL(base).pathname.replace(/\/$/, '').length)),
    query: url.searchParams,
    url: url.href,
    headers: {
      'content-type': 'application/fhir+json',
      ...header('if-match'),
      ...header('if-none-match'),
      ...header('if-none-exist'),
      ...(prefer === undefined ? {} : { prefer }),
    },
    body: Buffer.from(entry.resource === undefined ? '' : JSON.stringify(entry.resource)),
    caller: outer.caller,
  };
}

async function responseOf(answer: FhirHttpResponse | undefined): Promise<object> {
  if (answer === undefined) return {};
  const { status, headers } = answer;
  const resource = await resourceOf(answer);
  const failed = isObject(resource) && resource.resourceType === 'OperationOutcome';
  const modified = headers['Last-Modified'];
  const response = {
    status: String(status),
    ...(headers.Location === undefined ? {} : { location: headers.Location }),
    ...(headers.ETag === undefined ? {} : { etag: headers.ETag }),
    ...(modified === undefined ? {} : { lastModified: formatInstant(Date.parse(modified)) }),
    ...(failed ? { outcome: resource } : {}),
  };
  return resource === undefined || failed ? { response } : { resource, response };
}

async function resourceOf({ body }: FhirHttpResponse): Promise<unknown> {
  let text = '';
  if (typeof body === 'string' || Buffer.isBuffer(body)) text = body.toString();
  else for await (const chunk of body) text += chunk.toString();
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

async function transactionFailure(entry: Entry, answer: FhirHttpResponse): Promise<FhirError> {
  const outcome = await resourceOf(answer);
  const issues = isObject(outcome) && Array.isArray(outcome.issue) ? (outcome.issue as FhirError['issues']) : [];
  const diagnostics = `Transaction failed on '${entry.method}' for the requested url '/${entry.url}'.`;
  return new FhirError(answer.status, [{ severity: 'error', code: 'processing', diagnostics }, ...issues]);
}

function outcomeOf(code: IssueCode, diagnostics: string): object {
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] };
}

/** @throws FhirError 400 when two entries of a transaction write the same resource */
function checkUnique(entries: readonly Entry[]): void {
  const seen = new Set<string>();
  for (const { method, url } of entries) {
    if (method === 'GET' || method === 'POST') continue;
    if (seen.has(url)) throw badRequest(`Bundle contains multiple entries that refers to the same resource '${url}'.`);
    seen.add(url);
  }
}

/** @throws FhirError 400 when two search parameters of one bundle share a code on a type, or a url */
function checkParameters(entries: readonly Entry[]): void {
  const codes: string[] = [];
  const urls: string[] = [];
  for (const { resource } of entries) {
    if (resource?.resourceType !== 'SearchParameter') continue;
    const { base, code, url } = resource;
    if (typeof url === 'string') urls.push(url);
    if (typeof code !== 'string' || !Array.isArray(base)) continue;
    for (const type of base as unknown[]) codes.push(`(${String(type)}, ${code})`);
  }
  const twice = (all: readonly string[]): string =>
    [...new Set(all.filter((one, index) => all.indexOf(one) !== index))].join(', ');
  const [sameCodes, sameUrls] = [twice(codes), twice(urls)];
  if (sameCodes !== '' && sameUrls !== '') {
    throw badRequest(`Input search parameters have duplicate codes [${sameCodes}] and Urls [${sameUrls}].`);
  }
  if (sameCodes !== '') throw badRequest(`Input search parameters have duplicate codes [${sameCodes}]`);
  if (sameUrls !== '') throw badRequest(`Input search parameters have duplicate Urls [${sameUrls}].`);
}

/** Puts the ids that were given before in the place of `urn:` references. */
function resolveReferences(entries: readonly Entry[]): readonly Entry[] {
  const addresses = new Map<string, string>();
  for (const { fullUrl, forcedId, resource } of entries) {
    const type = resource?.resourceType;
    if (fullUrl === undefined || forcedId === undefined || typeof type !== 'string') continue;
    addresses.set(fullUrl, `${type}/${forcedId}`);
  }
  if (addresses.size === 0) return entries;
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (!isObject(value) || 'rawJSON' in value) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        const address = name === 'reference' && typeof member === 'string' ? addresses.get(member) : undefined;
        return [name, address ?? replaced(member)];
      }),
    );
  };
  return entries.map((entry) =>
    entry.resource === undefined ? entry : { ...entry, resource: replaced(entry.resource) as JsonObject },
  );
}
