import { ArmError } from './armError.ts';

/** Kinds of operations that ARM limits apart. */
export type LimitedOperation = 'reads' | 'writes' | 'deletes';

interface Bucket {
  tokens: number;
  filledAt: number;
  blockedUntil: number;
}

/** Bucket size and refill per second (Microsoft Learn, azure-resource-manager: request-limits-and-throttling). */
const limits: Readonly<Record<LimitedOperation, { readonly size: number; readonly perSecond: number }>> = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
  deletes: { size: 200, perSecond: 10 },
};

/** ARM's token buckets per subscription (or tenant), principal and kind of operation. They run on real time. */
export class ArmRateLimits {
  readonly #buckets = new Map<string, Bucket>();

  /**
   * Takes one request out of the bucket and returns the header that tells what is left.
   * Throws ArmError 429 with Retry-After; a request before that time starts a new wait.
   */
  take(
    scope: { readonly kind: 'subscription' | 'tenant'; readonly id: string },
    principal: string,
    operation: LimitedOperation,
    now: number,
  ): Record<string, string> {
    const { size, perSecond } = limits[operation];
    const key = `${scope.id} ${principal} ${operation}`;
    const bucket = this.#buckets.get(key) ?? { tokens: size, filledAt: now, blockedUntil: 0 };
    this.#buckets.set(key, bucket);
    bucket.tokens = Math.min(size, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond);
    bucket.filledAt = now;
    if (bucket.tokens < 1 || now < bucket.blockedUntil) {
      const seconds = Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
      bucket.blockedUntil = now + seconds * 1000;
      throw new ArmError(
        429,
        {
          code: scope.kind === 'subscription' ? 'SubscriptionRequestsThrottled' : 'TenantRequestsThrottled',
          message: `Number of requests for ${scope.kind} '${scope.id}' and actor '${principal}' exceeded. Please try again after '${seconds}' seconds after additional tokens are available.`,
        },
        { 'retry-after': String(seconds) },
      );
    }
    bucket.tokens -= 1;
    return { [`x-ms-ratelimit-remaining-${scope.kind}-${operation}`]: String(Math.floor(bucket.tokens)) };
  }
}
