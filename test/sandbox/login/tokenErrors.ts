import { randomUUID } from 'node:crypto';
import { jsonAnswer, type HttpAnswer } from '../http.ts';

/** The refusals of the token endpoint, with Entra's own numbers and words (Microsoft Learn, entra: reference-error-codes). */
const refusals = {
  unknownTenant: { status: 400, code: 90002, error: 'invalid_request' },
  unknownClient: { status: 400, code: 700016, error: 'unauthorized_client' },
  wrongSecret: { status: 401, code: 7000215, error: 'invalid_client' },
  missingParameter: { status: 400, code: 900144, error: 'invalid_request' },
  unsupportedGrant: { status: 400, code: 70003, error: 'unsupported_grant_type' },
  scopeNotDefault: { status: 400, code: 1002012, error: 'invalid_scope' },
  unknownResource: { status: 400, code: 500011, error: 'invalid_resource' },
} as const;

export type TokenRefusal = keyof typeof refusals;

/** An error answer of the token endpoint in Entra's shape. `words` is the text after the AADSTS number. */
export function refuseToken(refusal: TokenRefusal, words: string, correlationId: string = randomUUID()): HttpAnswer {
  const { status, code, error } = refusals[refusal];
  const traceId = randomUUID();
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return jsonAnswer(status, {
    error,
    error_description: `AADSTS${code}: ${words} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}
