import { unexpected } from './readAnswer.ts';
import { type ExactResource, readExactBundle } from './exactBundle.ts';
import type { FhirClient } from './fhirClient.ts';
import { checkId, checkType } from './names.ts';
import { sendBatch } from './sendBatch.ts';

const attempted = { tried: 'Reading resources', role: 'FHIR Data Reader' };

/** Reads in one bundle. Resources may be large, so it is far below what a bundle takes (500). */
export const readsAtOnce = 100;

/** `resource` is undefined unless the status is 200. */
export interface ResourceAnswer {
  /** 200, 404 (never there, or removed for good), 410 (deleted), or why it could not be read. */
  readonly status: number;
  readonly resource: ExactResource | undefined;
}

/**
 * Reads resources of one type in one batch request, in the order given. Throws when the batch itself fails, and
 * `unexpectedAnswer` when it answers another number of entries.
 */
export async function readResources(
  client: FhirClient,
  type: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly ResourceAnswer[]> {
  if (ids.length === 0) return [];
  const reads = ids.map((id) => ({ method: 'GET' as const, url: `${checkType(type)}/${checkId(id)}` }));
  const answer = await sendBatch(client, reads, { attempted, template: '/ (batch of reads)' }, signal);
  const { entry } = readExactBundle(answer, attempted);
  if (entry.length !== ids.length)
    throw unexpected(answer, attempted, `it holds ${entry.length} entries instead of ${ids.length}`);
  return entry.map(({ resource, response }, index) => {
    const status = Number(/^\d{3}/.exec(response?.status ?? '')?.[0] ?? 0);
    // An entry that is not what was asked for proves nothing.
    if (status === 200 && resource?.id !== ids[index]) return { status: 0, resource: undefined };
    return { status, resource: status === 200 ? resource : undefined };
  });
}
