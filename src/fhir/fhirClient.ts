import { separateAudiences } from '../azure/tokenAudience.ts';
import type { TokenSource } from '../azure/tokens.ts';
import { type Connection, createConnection, type TransportOptions } from '../http/connection.ts';
import { serviceBase } from '../http/serviceBase.ts';
import type { ServiceKind } from './serviceKind.ts';

export interface FhirClientOptions extends TransportOptions {
  /** Name of the service in messages and in the log. */
  readonly name: string;
  readonly endpoint: string;
  readonly kind: ServiceKind;
  /** Absent: nothing is signed, for an open-source server without security. */
  readonly tokens?: TokenSource | undefined;
  /** Default: the endpoint without trailing slash, which is what both Azure services accept. */
  readonly audience?: string | undefined;
  readonly tenantId?: string | undefined;
}

/** Longer waits are told to the caller instead, who can show until when they last. */
const patienceMs = 60_000;

/** A FHIR service that can be asked. Functions of this folder take it as their first argument. */
export interface FhirClient extends Connection {
  readonly name: string;
  readonly kind: ServiceKind;
}

/** Makes the one pipeline of a FHIR service. Throws `invalidInput` when the endpoint is not a plain https address. */
export function createFhirClient(options: FhirClientOptions): FhirClient {
  const endpoint = serviceBase(options.name, options.endpoint).endpoint;
  const connection = createConnection({
    name: options.name,
    endpoint,
    userAgent: options.userAgent,
    correlationHeader: 'x-correlation-id',
    httpClient: options.httpClient,
    clock: options.clock,
    random: options.random,
    log: options.log,
    nameProbe: options.nameProbe,
    attempts: options.attempts,
    patienceMs: options.patienceMs ?? patienceMs,
    ...(options.tokens === undefined
      ? {}
      : {
          auth: {
            tokens: separateAudiences(undefined, options.tokens),
            audience: options.audience ?? endpoint,
            tenantId: options.tenantId,
          },
        }),
  });
  return { ...connection, name: options.name, kind: options.kind };
}

/** The Accept header that every FHIR request sends; `$export` takes exactly this one value. */
export const acceptFhir = { accept: 'application/fhir+json' } as const;
