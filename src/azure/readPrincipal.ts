import { FailureError } from '../failure/failure.ts';
import type { ArmClient } from './armClient.ts';
import { readServiceDetails } from './serviceDetails.ts';

/** Object id of the system-assigned identity of a service. @throws FailureError `conflict` when it has none */
export async function readPrincipal(
  arm: ArmClient,
  resourceId: string,
  name: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const { service } = await readServiceDetails(arm, resourceId, tenantId, signal);
  if (service.principalId !== undefined) return service.principalId;
  throw new FailureError({
    kind: 'conflict',
    message: `${name} is not there: ${service.name} has no system-assigned identity.`,
    service: service.name,
    nextStep: `Turn on the system-assigned identity of ${service.name} first.`,
  });
}
