import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import type { HttpAnswer } from '../http/answer.ts';
import type { ArmClient } from './armClient.ts';

/** Microsoft Learn, governance/resource-graph: fewer than 300 subscriptions per query are recommended. */
export const subscriptionsPerQuery = 299;
/** Most rows of one page (work-with-data). */
const rowsPerPage = 1_000;
const maxPages = 1_000;

const answerSchema = v.object({
  data: v.array(v.record(v.string(), v.unknown())),
  $skipToken: v.optional(v.nullable(v.string())),
  resultTruncated: v.optional(v.union([v.string(), v.boolean()])),
});

export interface GraphQuery {
  readonly tenantId: string | undefined;
  /** At most 299. */
  readonly subscriptionIds: readonly string[];
  /** Must project `id` and order by it, for stable pages. */
  readonly query: string;
  readonly tried: string;
}

/**
 * Rows of a Resource Graph query, page by page. The quota that every answer states is kept: with none left, the next page
 * waits until it is given anew. Throws `unexpectedAnswer` for pages that repeat or come to no end.
 */
export async function* queryGraph(
  arm: ArmClient,
  { tenantId, subscriptionIds, query, tried }: GraphQuery,
  signal: AbortSignal,
): AsyncGenerator<readonly Readonly<Record<string, unknown>>[], void> {
  const followed = new Set<string>();
  let skipToken: string | undefined;
  do {
    const { json, answer } = await arm.query(
      {
        path: '/providers/Microsoft.ResourceGraph/resources',
        apiVersion: '2024-04-01',
        template: '/providers/Microsoft.ResourceGraph/resources',
        tried,
        tenantId,
      },
      {
        subscriptions: subscriptionIds,
        query,
        options: {
          resultFormat: 'objectArray',
          $top: rowsPerPage,
          ...(skipToken === undefined ? {} : { $skipToken: skipToken }),
        },
      },
      signal,
    );
    const read = v.safeParse(answerSchema, json);
    if (!read.success) throw unusable(answer, tried, 'it holds no rows');
    yield read.output.data;
    skipToken = read.output.$skipToken ?? undefined;
    if (skipToken === '') skipToken = undefined;
    if (skipToken === undefined) return;
    if (followed.has(skipToken) || followed.size >= maxPages)
      throw unusable(answer, tried, 'its pages do not come to an end');
    followed.add(skipToken);
    const wait = quotaWaitMs(answer);
    if (wait > 0) await arm.clock.sleep(wait, signal);
  } while (!signal.aborted);
}

/** Milliseconds until the user's quota is given anew, when the answer says that none is left; at most one minute. */
export function quotaWaitMs(answer: Pick<HttpAnswer, 'header'>): number {
  if (answer.header('x-ms-user-quota-remaining')?.trim() !== '0') return 0;
  const parts = /^(\d{1,2}):(\d\d):(\d\d)(?:\.\d+)?$/.exec(answer.header('x-ms-user-quota-resets-after')?.trim() ?? '');
  if (parts === null) return 5_000;
  const [hours, minutes, seconds] = parts.slice(1).map(Number);
  return Math.min(60_000, ((hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1_000);
}

function unusable(answer: HttpAnswer, tried: string, why: string): FailureError {
  return new FailureError({
    kind: 'unexpectedAnswer',
    message: `${tried}: Azure Resource Graph gave an answer that cannot be used: ${why}.`,
    service: answer.service,
    request: answer.request,
    status: answer.status,
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
  });
}
