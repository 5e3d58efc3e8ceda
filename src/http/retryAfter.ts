/** Longest wait before the next attempt, whatever the server asks: 5 minutes. */
export const longestWaitMs = 300_000;
/** What asks for more than a day is a mistake of the server, not advice. */
const absurdMs = 86_400_000;

interface Headers {
  get(name: string): string | undefined;
}

// `Date.parse` makes a date of almost anything ("banana 5"), so only the three forms of RFC 9110, 5.6.7 get there.
const httpDate =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d\d:\d\d:\d\d GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

/** An HTTP date as milliseconds since 1970 UTC; undefined when the text is not one. */
export function parseHttpDate(text: string | undefined): number | undefined {
  const trimmed = text?.trim();
  if (trimmed === undefined || !httpDate.test(trimmed)) return undefined;
  const at = Date.parse(trimmed.endsWith('GMT') ? trimmed : `${trimmed} GMT`);
  return Number.isNaN(at) ? undefined : at;
}

/**
 * How long a server asks to wait, in milliseconds: `x-ms-retry-after-ms` first, then `Retry-After` in seconds or as a
 * date (fhir-server: ThrottlingMiddleware sends both). Dates count from the answer's own `Date`, so that a wrong local
 * clock does not matter. Values that are no number, negative or longer than a day are ignored; the rest is capped to
 * five minutes.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  return (
    bounded(wholeNumber(headers.get('x-ms-retry-after-ms'))) ??
    bounded(fromRetryAfter(headers.get('retry-after'), parseHttpDate(headers.get('date')) ?? now))
  );
}

function fromRetryAfter(text: string | undefined, from: number): number | undefined {
  const seconds = wholeNumber(text);
  if (seconds !== undefined) return seconds * 1_000;
  const at = parseHttpDate(text);
  return at === undefined ? undefined : Math.max(0, at - from);
}

function wholeNumber(text: string | undefined): number | undefined {
  const trimmed = text?.trim();
  return trimmed !== undefined && /^\d{1,15}$/.test(trimmed) ? Number(trimmed) : undefined;
}

function bounded(ms: number | undefined): number | undefined {
  return ms === undefined || ms > absurdMs ? undefined : Math.min(ms, longestWaitMs);
}
