import pLimit from 'p-limit';
import { FailureError, toFailure } from '../failure/failure.ts';
import type { ArmClient } from './armClient.ts';
import type { DiscoveredService, DiscoveryEvent } from './discovered.ts';
import { readHealthcareRow } from './healthcareRow.ts';
import { readServiceDetails } from './serviceDetails.ts';

/** Details that are asked for at the same time. */
const atOnce = 4;
/** Rows with missing settings that are completed; beyond it they are completed when somebody looks at them. */
const maxDetails = 200;

/** Collects rows of services, tells of each once, and again with its settings where the row lacked them. */
export interface FoundServices {
  add(rows: readonly unknown[], tenantId: string): void;
  /** Resolves when all settings that were asked for have come. */
  settled(): Promise<void>;
}

export function foundServices(
  arm: ArmClient,
  tell: (event: DiscoveryEvent) => void,
  signal: AbortSignal,
): FoundServices {
  const seen = new Set<string>();
  const limit = pLimit(atOnce);
  const details: Promise<void>[] = [];

  const complete = async (service: DiscoveredService, tenantId: string): Promise<void> => {
    try {
      const row = await readServiceDetails(arm, service.resourceId ?? service.id, tenantId, signal);
      tell({ type: 'services', services: [row.service] });
    } catch (error) {
      if (signal.aborted || FailureError.is(error, 'cancelled')) return;
      tell({ type: 'problem', tenantId, serviceId: service.id, failure: toFailure(error) });
    }
  };

  return {
    add(rows, tenantId) {
      const services: DiscoveredService[] = [];
      for (const raw of rows) {
        try {
          const row = readHealthcareRow(arm.cloud, raw, tenantId);
          if (row === undefined || seen.has(row.service.id)) continue;
          seen.add(row.service.id);
          services.push(row.service);
          if (row.partial && details.length < maxDetails) details.push(limit(() => complete(row.service, tenantId)));
        } catch (error) {
          tell({ type: 'problem', tenantId, failure: toFailure(error) });
        }
      }
      if (services.length > 0) tell({ type: 'services', services });
    },
    async settled() {
      await Promise.all(details);
    },
  };
}
