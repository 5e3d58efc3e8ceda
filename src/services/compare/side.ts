import type { ArmClient } from '../../azure/armClient.ts';
import type { Cloud } from '../../azure/cloud.ts';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { readServiceDetails, type ServiceDetails } from '../../azure/serviceDetails.ts';
import type { ConfiguredService } from '../../compare/configurationSettings.ts';
import { profileTypes } from '../../compare/definitionDrift.ts';
import { FailureError } from '../../failure/failure.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { readMetadata } from '../../fhir/metadata.ts';
import type { Clients } from '../clients.ts';
import type { PlanInput } from '../../engine/plan.ts';
import type { FindStaged } from '../definitions/findStaged.ts';
import { type HeldDefinitions, heldDefinitions } from '../definitions/sourceDefinitions.ts';
import { plannedService } from '../plannedService.ts';
import { serviceByUrl } from '../serviceByUrl.ts';

/** How a service is named: as discovery found it, or by its resource id or its address. */
export type ServiceRef = DiscoveredService | string;

export interface SideOptions {
  readonly clients: Clients;
  readonly arm: ArmClient;
  readonly cloud: Cloud;
  readonly findStaged: FindStaged;
  readonly signal: AbortSignal;
}

/** What is read of the definitions of a service. */
export interface WantedDefinitions {
  readonly types: readonly string[];
  /** Whether to look for the profiles that the data names. */
  readonly withUse: boolean;
  /** Where exported files stand for a source that refuses reads; undefined: those of its newest migration. */
  readonly staging?: PlanInput['staging'] | undefined;
}

/** One of two services that are compared. What several aspects need is asked once. */
export interface Side {
  readonly service: DiscoveredService;
  /** @throws FailureError `invalidInput` for a service that is known by its address alone */
  readonly details: () => Promise<ServiceDetails>;
  readonly configured: () => Promise<ConfiguredService>;
  /** Text of the capability statement. */
  readonly metadata: () => Promise<string>;
  readonly client: () => Promise<FhirClient>;
  /** Search parameters, profiles and terminology. */
  readonly definitions: () => Promise<HeldDefinitions>;
}

/** @param wanted what {@link Side.definitions} reads in its one search */
export async function openSide(
  ref: ServiceRef,
  wanted: WantedDefinitions,
  { clients, arm, cloud, findStaged, signal }: SideOptions,
): Promise<Side> {
  const known = await knownService(ref, { clients, arm, cloud, signal });
  const { service } = known;
  const client = once(() => clients.of(plannedService(service), signal));
  const metadata = once(async () => (await readMetadata(clients.anonymous(service.endpoint), signal)).text);
  const details = once(async () => {
    if (known.details !== undefined) return known.details;
    if (service.resourceId === undefined) throw withoutResource(service);
    return readServiceDetails(arm, service.resourceId, service.tenantId, signal);
  });
  return {
    service,
    details,
    client,
    configured: async () => {
      const { raw, service: found } = await details();
      const { endpoint, tenantId } = found;
      return {
        resource: raw,
        endpoint,
        authority: tenantId === undefined ? undefined : `${cloud.loginHost.replace(/\/+$/, '')}/${tenantId}`,
      };
    },
    metadata,
    definitions: once(async () =>
      heldDefinitions(
        {
          client: await client(),
          types: wanted.types,
          withUse: wanted.withUse,
          metadata,
          staged: () => findStaged(service, wanted.staging, signal),
        },
        signal,
      ),
    ),
  };
}

/** Types that one search reads for the aspects that were asked for. */
export const definitionTypesOf = (searchParameters: boolean, profiles: boolean): readonly string[] => [
  ...(searchParameters ? ['SearchParameter'] : []),
  ...(profiles ? profileTypes : []),
];

/** A service as discovery knows it, with its settings where finding it meant reading them. */
export async function knownService(
  ref: ServiceRef,
  { clients, arm, cloud, signal }: Omit<SideOptions, 'findStaged'>,
): Promise<{ readonly service: DiscoveredService; readonly details?: ServiceDetails }> {
  if (typeof ref !== 'string') return { service: ref };
  if (!ref.startsWith('/')) return { service: await serviceByUrl(clients.anonymous(ref), cloud, signal) };
  const details = await readServiceDetails(arm, ref, undefined, signal);
  return { service: details.service, details };
}

function withoutResource({ name }: DiscoveredService): FailureError {
  return new FailureError({
    kind: 'invalidInput',
    message: `${name} is known by its address alone, so its settings in Azure cannot be read.`,
    service: name,
    nextStep: 'Name it by its Azure resource id, or compare without configuration, roles and diagnostics.',
  });
}

/** Runs work at the first call; every call gets the same result. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => (running ??= work());
}
