import type { HttpClient } from '@azure/core-rest-pipeline';
import type { ArmOptions } from '../azure/armClient.ts';
import type { PlanService } from '../engine/plan.ts';
import { createFhirClient, type FhirClient } from '../fhir/fhirClient.ts';
import { readMetadata } from '../fhir/metadata.ts';
import { createTransport } from '../http/transport.ts';
import type { ServicesOptions } from './contract.ts';

/** Makes the clients of one session; all share one transport, so that connections are kept alive. */
export interface Clients {
  readonly httpClient: HttpClient;
  readonly arm: ArmOptions;
  /** The client of a service of a plan. An open-source server that asks for no token is sent none. */
  of(service: PlanService, signal: AbortSignal): Promise<FhirClient>;
  /** A client that signs nothing: good for `/metadata` of any address. */
  anonymous(endpoint: string): FhirClient;
}

export function createClients({ cloud, tokens, log, userAgent, clock }: ServicesOptions): Clients {
  const httpClient = createTransport(cloud.certificateAuthority);
  const anonymous = (endpoint: string): FhirClient =>
    createFhirClient({ name: hostName(endpoint), endpoint, kind: 'fhirServer', userAgent, log, clock, httpClient });
  return {
    httpClient,
    anonymous,
    arm: { cloud, tokens, userAgent, log, httpClient },
    of: async ({ kind, name, endpoint, audience, tenantId }, signal) => {
      const open = kind === 'fhirServer' && !(await readMetadata(anonymous(endpoint), signal)).capabilities.secured;
      const signing = open ? {} : { tokens, audience, tenantId };
      return createFhirClient({ name, endpoint, kind, userAgent, log, clock, httpClient, ...signing });
    },
  };
}

const hostName = (endpoint: string): string => (URL.canParse(endpoint) ? new URL(endpoint).host : endpoint);
