import { ArmError } from './armError.ts';

/** 15 queries per 5 s and user (Microsoft Learn, resource-graph: guidance-for-throttled-requests). */
const queries = 15;
const windowMs = 5_000;

/** The quota of Azure Resource Graph, which every page of an answer uses up by one. It runs on real time. */
export class GraphQuota {
  readonly #users = new Map<string, { windowEnds: number; left: number }>();

  /** Takes one query and returns the headers that tell what is left. Throws ArmError 429 when nothing is. */
  take(user: string, now: number): Record<string, string> {
    let state = this.#users.get(user);
    if (state === undefined || state.windowEnds <= now) {
      state = { windowEnds: now + windowMs, left: queries };
      this.#users.set(user, state);
    }
    const seconds = Math.max(1, Math.ceil((state.windowEnds - now) / 1000));
    const resetsAfter = { 'x-ms-user-quota-resets-after': `00:00:0${seconds}` };
    if (state.left === 0) {
      throw new ArmError(
        429,
        {
          code: 'RateLimiting',
          message: 'Please provide below info when asking for support.',
          details: [
            {
              code: 'RateLimiting',
              message:
                'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.',
            },
          ],
        },
        { 'retry-after': String(seconds), 'x-ms-user-quota-remaining': '0', ...resetsAfter },
      );
    }
    state.left -= 1;
    return { 'x-ms-user-quota-remaining': String(state.left), ...resetsAfter };
  }
}
