import type { DiscoveredService } from '../../azure/discovered.ts';
import { FailureError } from '../../failure/failure.ts';
import { subscriptionTenant } from '../../azure/subscriptionTenant.ts';
import type { ConfiguredService } from '../../compare/configurationSettings.ts';
import type { Side, SideOptions, WantedDefinitions } from '../compare/side.ts';

/** Settings and roles need none of the definitions that a comparison reads. */
export const noDefinitions: WantedDefinitions = { types: [], withUse: false };

/** A service as it is configured, and the tenant that it is in, which a resource id alone does not tell. */
export async function configuredInTenant(
  side: Side,
  { arm, cloud, signal }: SideOptions,
): Promise<ConfiguredService & { readonly tenantId: string | undefined }> {
  const { service } = await side.details();
  const tenantId = service.tenantId ?? (await subscriptionTenant(arm, service.resourceId ?? service.id, signal));
  const configured = await side.configured();
  const authority = tenantId === undefined ? undefined : `${cloud.loginHost.replace(/\/+$/, '')}/${tenantId}`;
  return { ...configured, authority, tenantId };
}

/** The target of something that is carried over. @throws FailureError `invalidInput` unless it is one of AHDS in Azure */
export async function writableTarget(
  side: Side,
): Promise<{ readonly service: DiscoveredService; readonly resourceId: string }> {
  const { service } = await side.details();
  const { resourceId, kind, name } = service;
  if (resourceId !== undefined && kind === 'ahds') return { service, resourceId };
  throw new FailureError({
    kind: 'invalidInput',
    message: `${name} is not a FHIR service of Azure Health Data Services, so nothing is written to it.`,
    service: name,
    nextStep: 'Choose such a service as the target, by its Azure resource id.',
  });
}
