import { isRestError } from '@azure/core-rest-pipeline';
import { type Failure, FailureError } from '../failure/failure.ts';
import { redact } from '../failure/redact.ts';
import { type NameProbe, networkFailure, resolvesName } from '../http/networkFailure.ts';
import { retryAfterMs } from '../http/retryAfter.ts';
import { kindOfStatus } from '../http/statusKind.ts';

export interface SdkContext {
  readonly service: string;
  /** Method and path template. */
  readonly request: string;
  /** What was tried, as the start of a sentence. */
  readonly tried: string;
  readonly host: string;
  readonly signal: AbortSignal;
  readonly nextStep?: (kind: Failure['kind'], code: string | undefined) => string | undefined;
  readonly nameProbe?: NameProbe | undefined;
}

/** Turns what an Azure SDK throws into a failure with the server's code and words. */
export async function sdkFailure(error: unknown, context: SdkContext): Promise<FailureError> {
  if (FailureError.is(error)) return error;
  const about = { service: context.service, request: context.request };
  if (context.signal.aborted || (error instanceof Error && error.name === 'AbortError'))
    return new FailureError({ ...about, kind: 'cancelled', message: 'Cancelled.' });
  if (!isRestError(error) || error.statusCode === undefined)
    return networkFailure(error, { ...about, host: context.host, nameProbe: context.nameProbe ?? resolvesName });
  const kind = kindOfStatus(error.statusCode);
  const code = error.code === undefined ? undefined : redact(error.code).slice(0, 80);
  const retry = error.response === undefined ? undefined : retryAfterMs(error.response.headers, Date.now());
  const requestId = error.response?.headers.get('x-ms-request-id');
  const nextStep = context.nextStep?.(kind, code);
  // The first line: storage repeats request id and time below it.
  const [words = ''] = error.message.split('\n');
  return new FailureError(
    {
      ...about,
      kind,
      message: `${context.tried} failed: ${context.service} answered ${error.statusCode}.`,
      status: error.statusCode,
      ...(words === '' ? {} : { diagnostics: [redact(words)] }),
      ...(code === undefined ? {} : { code }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(retry === undefined ? {} : { retryAfterMs: retry }),
      ...(nextStep === undefined ? {} : { nextStep }),
    },
    { cause: error },
  );
}
