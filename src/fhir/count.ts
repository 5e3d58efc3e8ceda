import type { HttpAnswer } from '../http/answer.ts';
import { type Bundle, bundleSchema, linkOf } from './bundle.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { checkType } from './names.ts';
import { readAnswer, unexpected } from './readAnswer.ts';

const attempted = { tried: 'Counting resources', role: 'FHIR Data Reader' };

/** Which versions a count counts. `current`: what a search sees; `versions`: history with tombstones. */
export type CountOf = 'current' | 'versions';

export interface CountQuery {
  readonly of: CountOf;
  readonly type?: string;
  /** Inclusive, milliseconds since 1970 UTC. */
  readonly since?: number;
  /** Exclusive, milliseconds since 1970 UTC. */
  readonly till?: number;
  /** A count that fails is not asked for again: the caller asks in another way (fhir-server issue 3021). */
  readonly once?: true;
}

/** FHIR instant with milliseconds and `Z`: an offset with `+` would be decoded to a blank. */
export function instantText(at: number): string {
  return new Date(at).toISOString();
}

/**
 * Counts without fetching anything. A count that the server did not make as asked is refused, because a server drops
 * parameters that it does not know and says so only in its self link (fhir-server: SearchOptionsFactory, HistoryModel).
 */
export async function count(client: FhirClient, query: CountQuery, signal: AbortSignal): Promise<number> {
  const range = rangeOf(query);
  let answer = await ask(client, query, range, signal);
  // "_before" must not lie in the future of the server's clock; without it nothing else is counted, since no version
  // has a date in the future.
  if (answer.status === 403 && /_before cannot/i.test(answer.text)) {
    const open = range.filter(([name]) => name !== '_before');
    if (open.length < range.length) answer = await ask(client, query, open, signal);
  }
  if (answer.status !== 200) throw fhirFailure(answer, attempted);
  const bundle = readAnswer(answer, bundleSchema, attempted);
  if (bundle.total === undefined) throw unexpected(answer, attempted, 'it holds no total');
  // A history reads its two bounds always (fhir-server: HistoryModel), so only searches need to be checked.
  if (query.of === 'current') checkHonoured(answer, bundle, range);
  return bundle.total;
}

function rangeOf(query: CountQuery): (readonly [string, string])[] {
  const { since, till } = query;
  const history = query.of === 'versions';
  return [
    ...(since === undefined
      ? []
      : [history ? (['_since', instantText(since)] as const) : (['_lastUpdated', `ge${instantText(since)}`] as const)]),
    ...(till === undefined
      ? []
      : [history ? (['_before', instantText(till)] as const) : (['_lastUpdated', `lt${instantText(till)}`] as const)]),
  ];
}

function ask(
  client: FhirClient,
  query: CountQuery,
  range: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const type = query.type === undefined ? '' : `/${checkType(query.type)}`;
  const suffix = query.of === 'versions' ? '/_history' : '';
  return client.send(
    {
      method: 'GET',
      path: `${type}${suffix}` === '' ? '/' : `${type}${suffix}`,
      query: [['_summary', 'count'], ...range],
      headers: acceptFhir,
      template: `${query.type === undefined ? '' : '/{type}'}${suffix}?_summary=count`,
      retry: 'idempotent',
      ...(query.once === undefined ? {} : { isFinal: isBeyondServer }),
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.count,
    },
    signal,
  );
}

/** What a server answers that cannot make the count, and would not the next time. */
function isBeyondServer({ status }: { readonly status: number }): boolean {
  return status === 500 || status === 408 || status === 504;
}

function checkHonoured(answer: HttpAnswer, bundle: Bundle, range: readonly (readonly [string, string])[]): void {
  const self = linkOf(bundle, 'self');
  if (self === undefined || !URL.canParse(self)) return;
  const honoured = new URL(self).searchParams;
  const dropped = range.find(([name]) => !honoured.has(name));
  if (dropped !== undefined)
    throw unexpected(answer, attempted, `the server ignored ${dropped[0]}, so the count is of something else`);
}
