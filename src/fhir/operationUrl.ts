import type { HttpAnswer } from '../http/answer.ts';
import { parseHttpDate } from '../http/retryAfter.ts';
import { FailureError } from '../failure/failure.ts';
import { hostOf, insideService } from '../http/serviceBase.ts';
import type { FhirClient } from './fhirClient.ts';
import type { Attempted } from './fhirFailure.ts';
import { unexpected } from './readAnswer.ts';

export type OperationKind = 'export' | 'import' | 'reindex';

/** A job that the server has taken on. */
export interface AcceptedOperation {
  /** Absolute status address, already checked to be on the service's own origin and below its base. */
  readonly statusUrl: string;
  /** The server's id of the job: the last segment of the address. */
  readonly jobId: string;
  /** The server's clock when it answered, milliseconds since 1970 UTC, if it sent one. */
  readonly serverTime?: number;
}

const jobIdPattern = /^[A-Za-z0-9._-]{1,128}$/;

/** Status address of a job known only by its id. Throws `invalidInput` when the id cannot be one. */
export function operationUrl(client: FhirClient, kind: OperationKind, jobId: string): string {
  if (!jobIdPattern.test(jobId) || /^\.+$/.test(jobId))
    throw new FailureError({
      kind: 'invalidInput',
      message: `The ${kind} has an id that is not one.`,
      service: client.name,
    });
  return `${client.base.endpoint}/_operations/${kind}/${jobId}`;
}

/** Reads the `Content-Location` of a started job. An address of another host is refused, naming both. */
export function acceptedOperation(client: FhirClient, answer: HttpAnswer, attempted: Attempted): AcceptedOperation {
  const location = answer.header('content-location');
  if (location === undefined || location.trim() === '')
    throw unexpected(answer, attempted, 'it does not say where the status of the job is (Content-Location is missing)');
  const address = absolute(client, location.trim());
  const inside = address === undefined ? undefined : insideService(client.base, address);
  if (inside === undefined)
    throw unexpected(
      answer,
      attempted,
      `the status address is on ${hostOf(address ?? location)}, not below ${hostOf(client.base.endpoint)}; nothing was sent there`,
      'Check the address of the service; a reverse proxy in front of it must keep its public host name and https.',
    );
  const jobId = inside.pathname.split('/').at(-1) ?? '';
  if (!jobIdPattern.test(jobId) || inside.pathname.length <= client.base.path.length + 1)
    throw unexpected(answer, attempted, 'the status address does not end in the id of a job');
  const serverTime = parseHttpDate(answer.header('date'));
  return { statusUrl: inside.href, jobId, ...(serverTime === undefined ? {} : { serverTime }) };
}

/** A relative address counts from the service's base, also with a leading slash when it does not repeat the base path. */
function absolute(client: FhirClient, location: string): string | undefined {
  const { base } = client;
  const belowBase = location.startsWith('/') && !location.startsWith('//') && !location.startsWith(`${base.path}/`);
  const text = belowBase ? `${base.endpoint}${location}` : location;
  return URL.canParse(text, `${base.endpoint}/`) ? new URL(text, `${base.endpoint}/`).href : undefined;
}

/** True for the answer of a job that failed on the server, as opposed to a request for its status that failed. */
export function isFailedJob(answer: Pick<HttpAnswer, 'text'>): boolean {
  return /operation failed for reason|cancellation of operation/i.test(answer.text.slice(0, 20_000));
}
