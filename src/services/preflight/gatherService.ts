import type { HealthcareRow } from '../../azure/healthcareRow.ts';
import { FailureError } from '../../failure/failure.ts';
import { count } from '../../fhir/count.ts';
import { exportStatus } from '../../fhir/exportStatus.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { importStatus } from '../../fhir/importStatus.ts';
import { readMetadata } from '../../fhir/metadata.ts';
import { operationUrl } from '../../fhir/operationUrl.ts';
import { reindexIsActive } from '../../fhir/reindex.ts';
import type { Probe, ServiceFacts } from './facts.ts';
import { probe } from './probe.ts';

/** No service has a job of this number: both count from one. */
const noJob = '0';

export type ReadResource = (resourceId: string) => Promise<HealthcareRow>;

/** What one side tells of itself, asked in parallel; a request that fails hides no other. */
export async function gatherService(
  client: FhirClient,
  operation: 'export' | 'import',
  resourceId: string | undefined,
  readResource: ReadResource,
  signal: AbortSignal,
): Promise<ServiceFacts> {
  const askedAt = client.clock.now();
  const [statement, counted, operationAccess, resource] = await Promise.all([
    probe('GET /metadata', () => readMetadata(client, signal)),
    probe('GET /?_summary=count', () => count(client, { of: 'current' }, signal)),
    probe(`GET /_operations/${operation}/{id}`, () => jobAccess(client, operation, signal)),
    resourceId === undefined
      ? undefined
      : probe(`GET ${resourceId.split('/providers/').at(-1) ?? resourceId}`, () => readResource(resourceId)),
  ]);
  return {
    metadata: mapped(statement, ({ capabilities }) => ({
      fhirVersion: capabilities.fhirVersion,
      transactions: capabilities.transaction,
      versioning: capabilities.versioning,
    })),
    count: counted,
    operationAccess,
    clockSkewMs: statement.ok ? skewOf(statement.value.serverTime, (askedAt + client.clock.now()) / 2) : statement,
    resource,
  };
}

/** `GET $reindex` is the one GET that the initial import lock refuses. */
export const gatherReindex = (client: FhirClient, signal: AbortSignal): Promise<Probe<'idle' | 'running' | 'locked'>> =>
  probe('GET /$reindex', async () => {
    try {
      return (await reindexIsActive(client, signal)) ? 'running' : 'idle';
    } catch (error) {
      if (FailureError.is(error, 'locked')) return 'locked';
      throw error;
    }
  });

/** The status of a job that does not exist is 404 for those who may run such jobs, 403 for everybody else. */
export async function jobAccess(
  client: FhirClient,
  operation: 'export' | 'import',
  signal: AbortSignal,
): Promise<'granted'> {
  const url = operationUrl(client, operation, noJob);
  await (operation === 'export' ? exportStatus(client, url, signal) : importStatus(client, url, signal));
  return 'granted';
}

/** Half of the time that the answer took is the best guess for when the server read its clock. */
function skewOf(serverTime: number | undefined, localTime: number): Probe<number> {
  const request = 'Date of GET /metadata';
  if (serverTime !== undefined) return { ok: true, request, value: serverTime - localTime };
  return { ok: false, request, failure: { kind: 'unexpectedAnswer', message: 'The answer carries no Date header.' } };
}

const mapped = <T, U>(of: Probe<T>, change: (value: T) => U): Probe<U> =>
  of.ok ? { ...of, value: change(of.value) } : of;
