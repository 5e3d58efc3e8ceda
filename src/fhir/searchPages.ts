import { createHash } from 'node:crypto';
import { FailureError } from '../failure/failure.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { hostOf, insideService } from '../http/serviceBase.ts';
import { type BundleEntry, bundleSchema, linkOf } from './bundle.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { type Attempted, fhirFailure } from './fhirFailure.ts';
import { deadlineMs } from './limits.ts';
import { readAnswer } from './readAnswer.ts';

/** Azure API for FHIR may send empty pages that still have a next one, but not without end. */
const maxEmptyPages = 10_000;

export interface SearchRequest {
  /** Below the service's base, for example `/Patient` or `/_history`. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly template: string;
  readonly attempted: Attempted;
  /** Statuses that mean an empty result. */
  readonly emptyStatuses?: readonly number[];
}

/**
 * Pages of a search or a history, one array of entries for each page. Ends only when a page has no `next` link; pages may
 * be short or empty before (fhir-server: CosmosFhirDataStore). A `next` link to another host, or one that was followed
 * before, throws `unexpectedAnswer`. Warnings of the server (entries of mode `outcome`) are left out.
 */
export async function* searchPages(
  client: FhirClient,
  search: SearchRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly BundleEntry[], void> {
  const read = (answer: HttpAnswer): SearchPage<BundleEntry> => {
    const bundle = readAnswer(answer, bundleSchema, search.attempted);
    return { entries: bundle.entry.filter((entry) => entry.search?.mode !== 'outcome'), next: linkOf(bundle, 'next') };
  };
  yield* readPages(client, search, read, signal);
}

/** One page as it was read from an answer. */
export interface SearchPage<Entry> {
  readonly entries: readonly Entry[];
  readonly next: string | undefined;
}

/** Pages like `searchPages`, for callers that read an answer in their own way. */
export async function* readPages<Entry>(
  client: FhirClient,
  search: SearchRequest,
  read: (answer: HttpAnswer) => SearchPage<Entry>,
  signal: AbortSignal,
): AsyncGenerator<readonly Entry[], void> {
  const seen = new Set<string>();
  let emptyPages = 0;
  let next: string | undefined;
  do {
    const answer = await client.send(
      {
        method: 'GET',
        path: next ?? search.path,
        ...(next === undefined ? { query: search.query } : {}),
        headers: acceptFhir,
        template: search.template,
        retry: 'idempotent',
        deadlineMs: deadlineMs.count,
      },
      signal,
    );
    if (search.emptyStatuses?.includes(answer.status) === true) return;
    if (answer.status !== 200) throw fhirFailure(answer, search.attempted);
    const page = read(answer);
    yield page.entries;
    next = checkedNext(client, page.next, seen, search);
    emptyPages = page.entries.length === 0 ? emptyPages + 1 : 0;
    if (emptyPages > maxEmptyPages) throw endless(client, search);
  } while (next !== undefined);
}

function checkedNext(
  client: FhirClient,
  link: string | undefined,
  seen: Set<string>,
  search: SearchRequest,
): string | undefined {
  if (link === undefined) return undefined;
  const address = URL.canParse(link, `${client.base.endpoint}/`)
    ? new URL(link, `${client.base.endpoint}/`).href
    : link;
  if (insideService(client.base, address) === undefined)
    throw new FailureError({
      kind: 'unexpectedAnswer',
      message: `${search.attempted.tried}: ${client.name} at ${hostOf(client.base.endpoint)} points to a next page on ${hostOf(address)}; it is not followed.`,
      service: client.name,
      request: `GET ${search.template}`,
    });
  const digest = createHash('sha256').update(address).digest('base64');
  if (seen.has(digest)) throw endless(client, search);
  seen.add(digest);
  return address;
}

function endless(client: FhirClient, search: SearchRequest): FailureError {
  return new FailureError({
    kind: 'unexpectedAnswer',
    message: `${search.attempted.tried}: the pages of ${client.name} do not come to an end.`,
    service: client.name,
    request: `GET ${search.template}`,
  });
}
