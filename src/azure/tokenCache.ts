import { FailureError } from '../failure/failure.ts';
import { type HttpClock, systemClock } from '../http/clock.ts';
import type { AccessToken, TokenRequest, TokenSource } from './tokens.ts';

/** A token is renewed this long before it expires, so that none expires on its way. */
const renewBeforeMs = 5 * 60_000;
/** Unusual short-lived tokens are used for at least this part of their life. */
const shortLifePart = 0.5;

interface Entry {
  readonly token: AccessToken;
  readonly renewAt: number;
}

/**
 * Keeps tokens for each tenant and audience, renews them early, and asks only once when many requests need the same one
 * at the same time. A token that a service refused is not given again.
 */
export function cacheTokens(source: TokenSource, clock: HttpClock = systemClock): TokenSource {
  const entries = new Map<string, Entry>();
  const flights = new Map<string, Promise<AccessToken>>();

  const fetchToken = (key: string, request: TokenRequest): Promise<AccessToken> => {
    // The claims and the refused token belong to the flight: a plain request must not wait for an interactive one.
    const flightKey = JSON.stringify([key, request.claims, request.refused]);
    const running = flights.get(flightKey);
    if (running !== undefined) return running;
    // Several callers wait for one flight, so none of their signals may end it.
    const flight = source
      .getToken(request, new AbortController().signal)
      .then((token) => {
        const now = clock.now();
        const life = Math.max(0, token.expiresAt - now);
        entries.set(key, { token, renewAt: token.expiresAt - Math.min(renewBeforeMs, life * shortLifePart) });
        return token;
      })
      .finally(() => flights.delete(flightKey));
    flights.set(flightKey, flight);
    return flight;
  };

  return {
    getToken(request, signal) {
      const key = JSON.stringify([request.tenantId ?? '', request.scope]);
      const entry = entries.get(key);
      const usable =
        entry !== undefined &&
        request.claims === undefined &&
        entry.token.token !== request.refused &&
        clock.now() < entry.renewAt;
      return usable ? Promise.resolve(entry.token) : untilAborted(fetchToken(key, request), signal);
    },
  };
}

/** A caller that is stopped stops waiting; the others go on. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new FailureError({ kind: 'cancelled', message: 'Cancelled.' }));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
