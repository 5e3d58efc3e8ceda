import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { bundleSchema, linkOf, type Bundle } from './bundle.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs } from './limits.ts';
import type { Json, QueryAnswer, SearchQuery } from './queryAnswer.ts';
import { parseJson, readAnswer } from './readAnswer.ts';

const attempted = { tried: 'Running a search', role: 'FHIR Data Reader' };

/** Matches that are read of one search, unless it asks for fewer itself. */
const maxMatches = 100;
/** Azure API for FHIR may send short pages that still have a next one. */
const maxPages = 20;

/** Statuses that say nothing about the search, but about who asks or how the service is. */
const lasting: ReadonlySet<number> = new Set([401, 423, 429, 500, 502, 503, 504]);

/**
 * Runs a search of a user on one service and reads its first matches. A refusal of the search is an answer; that nobody
 * may search, or that the service does not work, throws.
 */
export async function runQuery(client: FhirClient, query: SearchQuery, signal: AbortSignal): Promise<QueryAnswer> {
  const started = client.clock.now();
  const first = await send(client, `/${query.path}`, withTotal(query), signal);
  const milliseconds = client.clock.now() - started;
  if (first.status !== 200) return refused(first, milliseconds);
  const body = parseJson(first, attempted);
  const read = v.safeParse(resourceSchema, body);
  if (read.success && read.output.resourceType !== 'Bundle')
    return { ...empty, status: 200, matches: [read.output], complete: true, milliseconds };
  const bundle = readAnswer(first, bundleSchema, attempted);
  const asked = Number(query.parameters.find(([name]) => name === '_count')?.[1] ?? maxMatches);
  const wanted = Number.isInteger(asked) && asked >= 0 ? Math.min(asked, maxMatches) : maxMatches;
  const gathered = await gather(client, bundle, wanted, signal);
  return {
    ...empty,
    ...gathered,
    status: 200,
    total: bundle.total,
    ignored: ignoredBy(bundle, query),
    milliseconds,
  };
}

const resourceSchema = v.looseObject({ resourceType: v.string() });

const empty: Omit<QueryAnswer, 'status' | 'milliseconds'> = {
  diagnostics: [],
  total: undefined,
  matches: [],
  included: [],
  complete: true,
  ignored: [],
};

/** Totals are told only when they are asked for. */
function withTotal({ path, parameters }: SearchQuery): SearchQuery['parameters'] {
  const names = new Set(parameters.map(([name]) => name));
  const isSearch = path === '' || /^[A-Z][A-Za-z]+$/.test(path);
  return !isSearch || names.has('_total') || names.has('_summary') || names.has('_id')
    ? parameters
    : [...parameters, ['_total', 'accurate']];
}

async function gather(
  client: FhirClient,
  first: Bundle,
  wanted: number,
  signal: AbortSignal,
): Promise<Pick<QueryAnswer, 'matches' | 'included' | 'complete'>> {
  const matches: Json[] = [];
  const included = new Map<string, Json>();
  let bundle = first;
  for (let page = 1; ; page += 1) {
    for (const { resource, search } of bundle.entry) {
      if (resource === undefined || search?.mode === 'outcome') continue;
      if (search?.mode === 'include') included.set(`${String(resource.resourceType)}/${String(resource.id)}`, resource);
      else matches.push(resource);
    }
    const next = linkOf(bundle, 'next');
    if (next === undefined) break;
    if (matches.length >= wanted || page === maxPages)
      return { matches: matches.slice(0, wanted), included: [...included.values()], complete: false };
    const answer = await send(client, next, [], signal);
    if (answer.status !== 200) throw fhirFailure(answer, attempted);
    bundle = readAnswer(answer, bundleSchema, attempted);
  }
  return { matches, included: [...included.values()], complete: true };
}

/** A server drops what it does not know and says so only in its self link. */
function ignoredBy(bundle: Bundle, { parameters }: SearchQuery): readonly string[] {
  const self = linkOf(bundle, 'self');
  if (self === undefined || !URL.canParse(self)) return [];
  const kept = new Set(new URL(self).searchParams.keys());
  return [...new Set(parameters.map(([name]) => name))].filter(
    (name) => !kept.has(name) && !/^_(format|pretty)$/.test(name),
  );
}

function refused(answer: HttpAnswer, milliseconds: number): QueryAnswer {
  const { failure } = fhirFailure(answer, attempted);
  const isAboutRole = failure.kind === 'forbidden';
  if (lasting.has(answer.status) || failure.kind === 'retired' || isAboutRole) throw new FailureError(failure);
  return { ...empty, status: answer.status, diagnostics: failure.diagnostics ?? [], milliseconds };
}

function send(
  client: FhirClient,
  path: string,
  query: SearchQuery['parameters'],
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return client.send(
    {
      method: 'GET',
      path,
      query,
      headers: acceptFhir,
      template: '/{search of the user}',
      retry: 'idempotent',
      deadlineMs: deadlineMs.count,
    },
    signal,
  );
}
