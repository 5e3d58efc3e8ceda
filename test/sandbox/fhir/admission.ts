import type { FhirServiceSpec, SandboxClock } from '../contract.ts';
import { emptyAnswer, type FhirHttpRequest, type FhirHttpResponse } from './http.ts';
import { FhirError } from './outcome.ts';

const deprecatedBody = JSON.stringify({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'error',
      code: 'business-rule',
      details: {
        coding: [
          {
            system: 'https://azurehealthcareapis.com/fhir/operation-outcome-code',
            code: 'service-deprecated',
            display: 'FHIR service deprecated',
          },
        ],
        text: 'This FHIR service has been deprecated.',
      },
      diagnostics: 'This FHIR service is deprecated no longer accepts normal workloads.',
    },
  ],
});

/** The only requests that a deprecated service answers; all of them are GET. */
const answeredWhenDeprecated =
  /^\/(health\/check|metadata|\$export|Patient\/\$export|Group\/[^/]+\/\$export|_operations\/export\/[^/]+)\/?$/;

/** The gate of a retired Azure API for FHIR: undefined lets the request pass. */
export async function refuseWhenDeprecated(
  spec: FhirServiceSpec,
  request: FhirHttpRequest,
  clock: SandboxClock,
  requestNumber: number,
): Promise<FhirHttpResponse | undefined> {
  if (spec.flavour !== 'azureApiForFhir' || spec.deprecated !== true) return undefined;
  if (request.method === 'GET' && answeredWhenDeprecated.test(request.path)) return undefined;
  // The service waits at random for 50 to 150 ms; here the spread repeats itself. A clock that stands still never wakes.
  if (clock.factor > 0) await clock.sleep(50 + ((requestNumber * 37) % 101));
  return { status: 410, headers: { 'Content-Type': 'application/fhir+json' }, body: deprecatedBody };
}

const lockedBody = JSON.stringify({
  severity: 'Error',
  code: 'Locked',
  diagnostics: 'Service is locked for initial import mode.',
});

/** The lock of the initial import mode: undefined lets the request pass. */
export function refuseWhenLocked(spec: FhirServiceSpec, request: FhirHttpRequest): FhirHttpResponse | undefined {
  if (spec.initialImportMode !== true) return undefined;
  const { method, path } = request;
  if (method === 'GET' && !path.endsWith('/$reindex')) return undefined;
  if (method === 'POST' && path.endsWith('/$import')) return undefined;
  if (method === 'DELETE' && /\/_operations\/[^/]+\/[^/]+\/?$/.test(path)) return undefined;
  return { ...emptyAnswer(423, { 'Content-Type': 'application/json; charset=utf-8' }), body: lockedBody };
}

/** @throws FhirError 401 when no valid token for this service was sent. */
export function requireAuthentication(request: FhirHttpRequest, base: string, authority: string): void {
  if (request.caller.authenticated && request.caller.audienceOk) return;
  throw new FhirError(401, [{ severity: 'error', code: 'login', diagnostics: 'Authentication failed.' }], {
    'WWW-Authenticate': `Bearer authorization_uri="${authority}", resource_id="${base}", realm="${base}"`,
  });
}
