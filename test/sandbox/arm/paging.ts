import { jsonAnswer, type HttpAnswer } from '../http.ts';
import { ArmError } from './armError.ts';

/** One page of a list, with an absolute `nextLink` on the same base that carries `$skipToken`. */
export function pagedAnswer(
  items: readonly object[],
  page: { readonly url: string; readonly query: URLSearchParams; readonly size: number },
  extra: object = {},
): HttpAnswer {
  const token = page.query.get('$skipToken') ?? page.query.get('$skiptoken');
  const start = token === null ? 0 : readToken(token);
  const end = start + page.size;
  const next = new URLSearchParams(page.query);
  next.delete('$skiptoken');
  next.set('$skipToken', writeToken(end));
  return jsonAnswer(200, {
    value: items.slice(start, end),
    ...(end < items.length ? { nextLink: `${page.url}?${next.toString()}` } : {}),
    ...extra,
  });
}

function writeToken(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64url');
}

function readToken(token: string): number {
  const offset = /^\{"offset":(\d+)\}$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (offset === undefined) {
    throw new ArmError(400, { code: 'InvalidSkipToken', message: 'The skip token of the request is not valid.' });
  }
  return Number(offset);
}
