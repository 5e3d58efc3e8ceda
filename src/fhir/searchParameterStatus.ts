import * as v from 'valibot';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs } from './limits.ts';
import { readAnswer } from './readAnswer.ts';

const attempted = { tried: 'Reading the state of the search parameters', role: 'FHIR Data Reader' };

const schema = v.object({
  resourceType: v.literal('Parameters'),
  parameter: v.optional(
    v.array(
      v.object({
        name: v.string(),
        part: v.optional(
          v.array(
            v.object({
              name: v.string(),
              valueUrl: v.optional(v.string()),
              valueUri: v.optional(v.string()),
              valueString: v.optional(v.string()),
              valueCode: v.optional(v.string()),
            }),
          ),
          [],
        ),
      }),
    ),
    [],
  ),
});

/** State of every search parameter by URL, for example `Supported` or `Enabled`; undefined where the service has no `$status`. */
export async function searchParameterStatus(
  client: FhirClient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string> | undefined> {
  const answer = await client.send(
    {
      method: 'GET',
      path: '/SearchParameter/$status',
      headers: acceptFhir,
      template: '/SearchParameter/$status',
      retry: 'idempotent',
      deadlineMs: deadlineMs.status,
    },
    signal,
  );
  // Azure API for FHIR: `The requested "search-parameter-status" operation is not enabled`.
  if (answer.status === 400 && /not enabled/i.test(answer.text)) return undefined;
  if (answer.status === 404) return new Map();
  if (answer.status !== 200) throw fhirFailure(answer, attempted);
  const { parameter } = readAnswer(answer, schema, attempted);
  return new Map(
    parameter.flatMap(({ part }) => {
      const of = (name: string) => part.find((one) => one.name === name);
      const url = of('url')?.valueUrl ?? of('url')?.valueUri ?? of('url')?.valueString;
      const status = of('status')?.valueString ?? of('status')?.valueCode;
      return url === undefined || status === undefined ? [] : [[url, status] as const];
    }),
  );
}
