import * as v from 'valibot';
import { FailureError, type FailureKind } from '../failure/failure.ts';
import { redact } from '../failure/redact.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { parseHttpDate } from '../http/retryAfter.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { resourceTypePattern } from './names.ts';
import { readAnswer } from './readAnswer.ts';

const attempted = { tried: 'Reading the capability statement' };
const shortText = v.pipe(
  v.string(),
  v.transform((text) => redact(text).slice(0, 200)),
);

const schema = v.object({
  resourceType: v.literal('CapabilityStatement'),
  fhirVersion: v.pipe(v.string(), v.regex(/^\d+\.\d+(\.\d+)?(-[\w.]{1,20})?$/)),
  name: v.optional(shortText),
  publisher: v.optional(shortText),
  software: v.optional(v.object({ name: v.optional(shortText), version: v.optional(shortText) })),
  rest: v.optional(
    v.array(
      v.object({
        security: v.optional(
          v.object({
            service: v.optional(
              v.array(v.object({ coding: v.optional(v.array(v.object({ code: v.optional(v.string()) }))) })),
            ),
          }),
        ),
        resource: v.optional(v.array(v.object({ type: v.string(), versioning: v.optional(v.string()) }))),
        interaction: v.optional(v.array(v.object({ code: v.string() }))),
        operation: v.optional(v.array(v.object({ name: v.string() }))),
      }),
    ),
    [],
  ),
});

/** What a migration must know of a capability statement. */
export interface Capabilities {
  /** For example `4.0.1`. */
  readonly fhirVersion: string;
  readonly softwareName: string | undefined;
  readonly softwareVersion: string | undefined;
  /** The statement says that it comes from Microsoft's server, hosted or open source. */
  readonly isMicrosoft: boolean;
  /** Transaction bundles: the SQL services have them, Azure API for FHIR does not. */
  readonly transaction: boolean;
  /** Requests need a token of OAuth. */
  readonly secured: boolean;
  readonly operations: readonly string[];
  /** `versioned`, `versioned-update` or `no-version` for each type that says so. */
  readonly versioning: Readonly<Record<string, string>>;
  /** Types that the service can hold. */
  readonly resourceTypes: readonly string[];
}

export interface Metadata {
  /** The statement as it came. */
  readonly text: string;
  readonly capabilities: Capabilities;
  /** The server's clock, milliseconds since 1970 UTC, if it sent one. */
  readonly serverTime: number | undefined;
}

/** Reads `/metadata`, which needs no token. */
export async function readMetadata(client: FhirClient, signal: AbortSignal): Promise<Metadata> {
  const answer = await client.send(
    {
      method: 'GET',
      path: '/metadata',
      headers: acceptFhir,
      template: '/metadata',
      retry: 'idempotent',
      anonymous: true,
      maxBytes: maxBytes.metadata,
      deadlineMs: deadlineMs.metadata,
    },
    signal,
  );
  const statement = statementOf(answer);
  const [rest] = statement.rest;
  return {
    text: answer.text,
    capabilities: {
      fhirVersion: statement.fhirVersion,
      softwareName: statement.software?.name,
      softwareVersion: statement.software?.version,
      isMicrosoft: [statement.name, statement.publisher, statement.software?.name].some((text) =>
        /microsoft|fhir server for azure|azure/i.test(text ?? ''),
      ),
      transaction: rest?.interaction?.some(({ code }) => code === 'transaction') ?? false,
      secured:
        rest?.security?.service?.some(({ coding }) =>
          coding?.some(({ code }) => code === 'OAuth' || code === 'SMART-on-FHIR'),
        ) ?? false,
      operations: (rest?.operation ?? []).map(({ name }) => name),
      versioning: Object.fromEntries(
        (rest?.resource ?? []).flatMap(({ type, versioning }) =>
          versioning === undefined ? [] : [[type, versioning]],
        ),
      ),
      resourceTypes: (rest?.resource ?? []).map(({ type }) => type).filter((type) => resourceTypePattern.test(type)),
    },
    serverTime: parseHttpDate(answer.header('date')),
  };
}

const noFhirServer: ReadonlySet<FailureKind> = new Set(['notFound', 'rejected', 'unexpectedAnswer']);
const addressStep = 'Check the address: a FHIR server gives its CapabilityStatement at /metadata below it.';

/** The statement in an answer. Throws with the advice to check the address when what answered is no FHIR server. */
function statementOf(answer: HttpAnswer): v.InferOutput<typeof schema> {
  try {
    if (answer.status !== 200) throw fhirFailure(answer, attempted);
    return readAnswer(answer, schema, attempted);
  } catch (error) {
    if (!FailureError.is(error) || error.failure.nextStep !== undefined || !noFhirServer.has(error.failure.kind))
      throw error;
    throw new FailureError({ ...error.failure, nextStep: addressStep }, { cause: error });
  }
}
