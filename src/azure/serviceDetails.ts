import { FailureError } from '../failure/failure.ts';
import { type ArmClient, healthcareApiVersion } from './armClient.ts';
import { type HealthcareRow, readHealthcareRow } from './healthcareRow.ts';
import { parseResourceId } from './resourceId.ts';

/** A service as ARM has it, read in one way and kept in another. */
export interface ServiceDetails extends HealthcareRow {
  /** The resource as it came, unknown keys included. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/**
 * One service by raw GET, the authority for its settings. Throws `invalidInput` for an id of something else, `forbidden`
 * and `notFound` as ARM says.
 */
export async function readServiceDetails(
  arm: ArmClient,
  resourceId: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<ServiceDetails> {
  const id = parseResourceId(resourceId);
  if (id?.type.startsWith('microsoft.healthcareapis/') !== true) throw foreign();
  const raw = await arm.get(
    {
      path: resourceId.replace(/\/+$/, ''),
      apiVersion: healthcareApiVersion,
      template: '/{FHIR service}',
      tried: `Reading the settings of ${id.names.at(-1) ?? 'the service'}`,
      tenantId,
    },
    signal,
  );
  const row = readHealthcareRow(arm.cloud, raw, tenantId);
  if (row === undefined) throw foreign();
  return { ...row, raw: raw as ServiceDetails['raw'] };
}

function foreign(): FailureError {
  return new FailureError({
    kind: 'invalidInput',
    message: 'The resource id is not that of a FHIR service.',
    nextStep: 'Copy the id of the FHIR service from its page in the Azure portal.',
  });
}
