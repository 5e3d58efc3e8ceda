import type { StoredVersion } from '../../contract.ts';
import { badRequest } from '../outcome.ts';

/** Where the next page begins. */
export interface Place {
  /** Number of the page that begins here; the first page is 0. */
  readonly page: number;
  /** Last version of the pages before, if any had one. */
  readonly after: StoredVersion | undefined;
  /** Entries of the pages before, where the order is not by time. */
  readonly offset: number;
}

export const start: Place = { page: 0, after: undefined, offset: 0 };

/** The `ct` of a next link: opaque to clients. */
export function encodePlace({ page, after, offset }: Place): string {
  const place = after === undefined ? [] : [after.type, after.id, after.versionId, after.lastUpdated];
  return Buffer.from(JSON.stringify([page, offset, ...place])).toString('base64');
}

/** @throws FhirError 400 when the token was not made by `encodePlace` */
export function decodePlace(token: string): Place {
  let fields: unknown;
  try {
    fields = JSON.parse(Buffer.from(token, 'base64').toString());
  } catch {
    fields = undefined;
  }
  if (!Array.isArray(fields)) throw invalid();
  const [page, offset, type, id, versionId, lastUpdated] = fields as unknown[];
  if (typeof page !== 'number' || typeof offset !== 'number') throw invalid();
  if (type === undefined) return { page, offset, after: undefined };
  if (typeof type !== 'string' || typeof id !== 'string' || typeof versionId !== 'string') throw invalid();
  if (typeof lastUpdated !== 'number') throw invalid();
  const mark = { type, id, versionId, lastUpdated, deleted: false, method: 'PUT', json: '' } as const;
  return { page, offset, after: mark };
}

function invalid(): Error {
  return badRequest('The continuation token is invalid.');
}
