import { isJsonObject, parseJson, type HttpRequest, type JsonObject } from '../http.ts';
import { ArmError, invalidContent } from './armError.ts';
import type { ArmPath } from './armPath.ts';
import type { LongRunningOperations } from './longRunning.ts';
import type { ArmResource, ArmWorld } from './world.ts';

/** Who calls ARM. */
export interface ArmCaller {
  readonly tenantId: string;
  readonly objectId: string;
  readonly clientId: string;
}

/** What a change of a resource means for the service behind it; called when the operation has succeeded. */
export interface FhirPlane {
  /** A fhirservice was made, or settings of a service were written. */
  written(resource: ArmResource): void;
  removed(resource: ArmResource): void;
  /** True when another service already has this name in its address. */
  nameTaken(name: string): boolean;
  authorityOf(tenantId: string): string;
  audienceOf(name: string): string;
}

/** One authorised request to ARM. */
export interface ArmCall {
  readonly world: ArmWorld;
  readonly operations: LongRunningOperations;
  readonly plane: FhirPlane;
  readonly request: HttpRequest;
  readonly path: ArmPath;
  readonly query: URLSearchParams;
  readonly apiVersion: string;
  readonly caller: ArmCaller;
  /** ARM's own address, for links. */
  readonly base: string;
  /** The server's clock, milliseconds since 1970 UTC. */
  now(): number;
}

/** The request's body as an object. Throws ArmError 400 when it is none. */
export async function bodyOf(call: ArmCall): Promise<JsonObject> {
  const value = parseJson((await call.request.body()).toString('utf8'));
  if (!isJsonObject(value)) throw invalidContent('An object was expected');
  return value;
}

/** 405 for a method that a type does not have. */
export function methodNotAllowed(call: ArmCall): ArmError {
  return new ArmError(405, {
    code: 'HttpMethodNotAllowed',
    message: `The requested resource does not support http method '${call.request.method}'.`,
  });
}
