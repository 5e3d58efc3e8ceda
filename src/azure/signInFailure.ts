import { type Failure, FailureError } from '../failure/failure.ts';
import { redact } from '../failure/redact.ts';

export interface SignInContext {
  /** Who was asked for a token, for example `the Azure CLI`. */
  readonly by: string;
  readonly tenantId: string | undefined;
  /** What the user can do about it. */
  readonly hint: string;
  readonly cancelled: boolean;
}

/** How libraries and the Azure CLI speak of a network that does not work (MSAL error codes, Node codes, Python requests). */
const networkWords =
  /endpoints_resolution_error|openid_config_error|network_error|no_network|post_request_failed|get_request_failed|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|EPIPE|socket hang up|Max retries exceeded|Failed to establish a new connection|Connection aborted/i;

/**
 * Turns what a credential throws into a failure. A network that does not work, or a token endpoint that is busy, passes
 * by itself: it must not look like a missing sign-in, which would stop a migration until somebody comes.
 */
export function signInFailure(error: unknown, { by, tenantId, hint, cancelled }: SignInContext): FailureError {
  if (FailureError.is(error)) return error;
  if (cancelled) return new FailureError({ kind: 'cancelled', message: 'Cancelled.' }, { cause: error });
  const words = error instanceof Error ? redact(error.message.split('\n', 1)[0] ?? '') : '';
  const kind = kindOf(error);
  return new FailureError(
    {
      kind,
      message: `No token could be had from ${by}${tenantId === undefined ? '' : ` for tenant ${tenantId}`}.`,
      ...(words === '' ? {} : { diagnostics: [words] }),
      nextStep: kind === 'notSignedIn' ? hint : 'Check the network connection and a proxy, if there is one.',
    },
    { cause: error },
  );
}

function kindOf(error: unknown): Failure['kind'] {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('statusCode' in at && typeof at.statusCode === 'number') {
      if (at.statusCode === 429) return 'throttled';
      if (at.statusCode >= 500) return 'unavailable';
    }
    if (networkWords.test(at.message)) return 'network';
  }
  return 'notSignedIn';
}
