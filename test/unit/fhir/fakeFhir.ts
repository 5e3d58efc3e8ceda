import { createFhirClient, type FhirClient } from '../../../src/fhir/fhirClient.ts';
import type { ServiceKind } from '../../../src/fhir/serviceKind.ts';
import { fakeClock, type FakeHttp, fakeHttp, fakeTokens } from '../http/fakeHttp.ts';

export const endpoint = 'https://contoso.azurehealthcareapis.com';

/** A client whose service answers from a list or a function. */
export function fakeFhir(
  answers: Parameters<typeof fakeHttp>[0],
  more: { readonly endpoint?: string; readonly kind?: ServiceKind } = {},
): { client: FhirClient; http: FakeHttp; clock: ReturnType<typeof fakeClock> } {
  const http = fakeHttp(answers);
  const clock = fakeClock();
  const client = createFhirClient({
    name: 'contoso',
    endpoint: more.endpoint ?? endpoint,
    kind: more.kind ?? 'ahds',
    tokens: fakeTokens(),
    userAgent: 'agent/1.0',
    httpClient: http,
    clock,
    random: () => 0,
    nameProbe: () => Promise.resolve(false),
  });
  return { client, http, clock };
}

/** An OperationOutcome as fhir-server sends it. */
export function outcome(code: string, diagnostics: string): unknown {
  return { resourceType: 'OperationOutcome', id: 'r-1', issue: [{ severity: 'error', code, diagnostics }] };
}

/** The 410 of a deprecated Azure API for FHIR, word for word. */
export const deprecated = {
  status: 410,
  json: {
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
  },
} as const;
