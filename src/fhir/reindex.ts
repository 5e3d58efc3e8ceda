import * as v from 'valibot';
import type { Failure } from '../failure/failure.ts';
import { redact } from '../failure/redact.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { type AcceptedOperation, acceptedOperation } from './operationUrl.ts';
import { readAnswer } from './readAnswer.ts';

const attempted = { tried: 'Reindexing', role: 'FHIR Data Contributor' };

const parametersSchema = v.object({
  resourceType: v.literal('Parameters'),
  parameter: v.array(
    v.object({
      name: v.string(),
      valueString: v.optional(v.string()),
      valueDecimal: v.optional(v.number()),
      valueInteger: v.optional(v.number()),
    }),
  ),
});

export type ReindexStatus =
  | {
      readonly state: 'running';
      readonly percent: number | undefined;
      /** Resources of each type that this reindex covers; absent until the server has counted them. */
      readonly types?: Readonly<Record<string, number>>;
    }
  | { readonly state: 'completed' }
  | { readonly state: 'failed' | 'gone'; readonly failure: Failure };

/** Starts a reindex; with one active the server answers with that one instead (fhir-server: CreateReindexRequestHandler). */
export async function startReindex(client: FhirClient, signal: AbortSignal): Promise<AcceptedOperation> {
  const answer = await client.send(
    {
      method: 'POST',
      path: '/$reindex',
      headers: { ...acceptFhir, 'content-type': 'application/fhir+json' },
      body: '{"resourceType":"Parameters","parameter":[]}',
      template: '/$reindex',
      retry: 'idempotent',
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.start,
    },
    signal,
  );
  if (answer.status !== 200 && answer.status !== 201) throw fhirFailure(answer, attempted);
  return acceptedOperation(client, answer, attempted);
}

/** Asks once how a reindex is doing; the server answers 200 in every state, the body says which. */
export async function reindexStatus(
  client: FhirClient,
  statusUrl: string,
  signal: AbortSignal,
): Promise<ReindexStatus> {
  const answer = await get(client, statusUrl, '/_operations/reindex/{id}', signal);
  if (answer.status === 404) return { state: 'gone', failure: fhirFailure(answer, attempted).failure };
  if (answer.status !== 200) throw fhirFailure(answer, attempted);
  const { parameter } = readAnswer(answer, parametersSchema, attempted);
  const of = (name: string) => parameter.find((one) => one.name === name);
  const status = of('status')?.valueString ?? '';
  switch (status) {
    case 'Completed':
      return { state: 'completed' };
    case 'Failed':
    case 'Canceled': {
      const details = of('failureDetails')?.valueString;
      const failure: Failure = {
        kind: 'rejected',
        message: `The reindex on ${client.name} ended as ${status.toLowerCase()}.`,
        service: client.name,
        request: answer.request,
        ...(details === undefined ? {} : { diagnostics: [redact(details)] }),
        nextStep: 'Start the reindex again.',
      };
      return { state: 'failed', failure };
    }
    default:
      return {
        state: 'running',
        percent: of('progress')?.valueDecimal ?? of('progress')?.valueInteger,
        ...typesOf(of('resourceReindexProgressByResource (resource count)')?.valueString),
      };
  }
}

/** Lines of `Type: 1,234`, as the server writes them. */
function typesOf(text: string | undefined): { types?: Readonly<Record<string, number>> } {
  const lines = [...(text ?? '').matchAll(/^([A-Z][A-Za-z]{1,63}): ([\d,]{1,20})\s*$/gm)];
  if (lines.length === 0) return {};
  return {
    types: Object.fromEntries(lines.map(([, type = '', count = '']) => [type, Number(count.replaceAll(',', ''))])),
  };
}

/** The active reindex, whoever started it, with its id where the server tells it; undefined when there is none. */
export async function activeReindex(
  client: FhirClient,
  signal: AbortSignal,
): Promise<{ readonly jobId: string | undefined } | undefined> {
  const answer = await get(client, '/$reindex', '/$reindex', signal);
  // Without one the server answers 405 (fhir-server: GetReindexRequestHandler).
  if (answer.status === 405 || answer.status === 404) return undefined;
  if (answer.status !== 200) throw fhirFailure(answer, { ...attempted, tried: 'Asking for a running reindex' });
  const { parameter } = readAnswer(answer, parametersSchema, attempted);
  const of = (name: string) => parameter.find((one) => one.name === name)?.valueString;
  return /^(Queued|Running)$/.test(of('status') ?? '') ? { jobId: of('id') } : undefined;
}

/** True when a reindex is active. */
export async function reindexIsActive(client: FhirClient, signal: AbortSignal): Promise<boolean> {
  return (await activeReindex(client, signal)) !== undefined;
}

function get(client: FhirClient, path: string, template: string, signal: AbortSignal): Promise<HttpAnswer> {
  return client.send(
    {
      method: 'GET',
      path,
      headers: acceptFhir,
      template,
      retry: 'idempotent',
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.status,
    },
    signal,
  );
}
