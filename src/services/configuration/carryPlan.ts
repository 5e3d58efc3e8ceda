import { carryConfiguration } from '../../compare/changes/carryConfiguration.ts';
import { FailureError } from '../../failure/failure.ts';
import { readMetadata } from '../../fhir/metadata.ts';
import { changeableResource } from '../changes/changeableResource.ts';
import { changePair } from '../changes/changePair.ts';
import { openSide, type ServiceRef, type Side, type SideOptions } from '../compare/side.ts';
import type { CarryPlan } from './contract.ts';
import { configuredInTenant, noDefinitions, writableTarget } from './writableTarget.ts';

/**
 * Looks at the configuration of both services, reading only, and says what of the source's can be carried over.
 * @throws FailureError `invalidInput` when the target is not a FHIR service of AHDS that Azure knows
 */
export async function carryPlan(source: ServiceRef, target: ServiceRef, options: SideOptions): Promise<CarryPlan> {
  const [from, to] = await Promise.all([
    openSide(source, noDefinitions, options),
    openSide(target, noDefinitions, options),
  ]);
  const { arm, signal } = options;
  const { service, resourceId } = await writableTarget(to);
  const { name, endpoint } = service;
  const [sourceConfigured, targetConfigured] = await Promise.all([
    configuredInTenant(from, options),
    configuredInTenant(to, options),
  ]);
  const [resource, versioning] = await Promise.all([
    changeableResource(arm, resourceId, name, targetConfigured.tenantId, signal),
    versioningOf(from, options),
  ]);
  return {
    source: { name: from.service.name, endpoint: from.service.endpoint },
    target: { name, endpoint, resourceId },
    rows: carryConfiguration({ source: sourceConfigured, target: targetConfigured, resource, versioning }),
    pair: changePair(from.service, service),
    resources: { [resourceId.toLowerCase()]: resource.json },
  };
}

/** A statement that cannot be read leaves the other settings to be carried over. */
async function versioningOf(
  { service }: Side,
  { clients, signal }: SideOptions,
): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    return (await readMetadata(clients.anonymous(service.endpoint), signal)).capabilities.versioning;
  } catch (error) {
    if (!FailureError.is(error) || FailureError.is(error, 'cancelled')) throw error;
    return undefined;
  }
}
