import type { ArmClient } from '../../azure/armClient.ts';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { readServiceMetrics } from '../../azure/serviceMetrics.ts';
import { FailureError, toFailure, type Failure } from '../../failure/failure.ts';
import { count } from '../../fhir/count.ts';
import { readMetadata } from '../../fhir/metadata.ts';
import { plannedService } from '../plannedService.ts';
import type { Clients } from '../clients.ts';
import type { Known, Retirement, ServiceFacts } from './contract.ts';

/** Microsoft Learn, healthcare-apis: azure-api-for-fhir-retirement. */
const retiredAt = Date.UTC(2026, 8, 30);

/** Requests at once: Azure Resource Manager refills 25 reads a second for each account. */
const atOnce = 8;

/**
 * Size and retirement of services: one request to Azure Monitor for each, and a look at the metadata and a count of each
 * Azure API for FHIR. Each is told as it is known. @throws FailureError of kind `cancelled` only
 */
export async function gatherFacts(
  services: readonly DiscoveredService[],
  { arm, clients, now }: { readonly arm: ArmClient; readonly clients: Clients; readonly now: number },
  signal: AbortSignal,
  told: (facts: ServiceFacts) => void,
): Promise<void> {
  const waiting = [...services];
  const work = async (): Promise<void> => {
    for (let service = waiting.shift(); service !== undefined; service = waiting.shift()) {
      const [size, retirement] = await Promise.all([
        sizeOf(service, arm, signal),
        retirementOf(service, clients, now, signal),
      ]);
      told({ id: service.id, size, retirement });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function sizeOf(
  { resourceId, tenantId, name }: DiscoveredService,
  arm: ArmClient,
  signal: AbortSignal,
): Promise<Known<number>> {
  if (resourceId === undefined)
    return unknown({ kind: 'invalidInput', message: `${name} is known by its address alone.` });
  try {
    const { dataBytes } = await readServiceMetrics(arm, resourceId, tenantId, signal);
    return dataBytes === undefined
      ? unknown({ kind: 'notFound', message: `Azure Monitor has no size of ${name} in the last hours.` })
      : { known: true, value: dataBytes };
  } catch (error) {
    if (FailureError.is(error, 'cancelled')) throw error;
    return unknown(toFailure(error));
  }
}

const unknown = (failure: Failure): Known<never> => ({ known: false, failure });

async function retirementOf(
  service: DiscoveredService,
  clients: Clients,
  now: number,
  signal: AbortSignal,
): Promise<Retirement> {
  if (service.kind !== 'azureApiForFhir') return 'none';
  const { endpoint } = service;
  try {
    await readMetadata(clients.anonymous(endpoint), signal);
  } catch (error) {
    if (FailureError.is(error, 'cancelled')) throw error;
    return toFailure(error).kind === 'forbidden' ? byDate(now) : 'silent';
  }
  try {
    await count(
      await clients.of(plannedService(service), signal),
      { of: 'current', type: 'StructureDefinition' },
      signal,
    );
  } catch (error) {
    if (FailureError.is(error, 'cancelled')) throw error;
    if (toFailure(error).kind === 'retired') return 'exportsOnly';
  }
  return byDate(now);
}

const byDate = (now: number): Retirement => (now < retiredAt ? 'announced' : 'passed');
