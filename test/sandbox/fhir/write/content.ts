import type { FhirHttpRequest } from '../http.ts';
import { badRequest, fhirError } from '../outcome.ts';
import { parseResource, type ParsedResource } from '../resourceText.ts';

/** @throws FhirError 400 without a Content-Type, 415 for one that is not JSON */
export function requireJson({ headers }: FhirHttpRequest): void {
  const given = headers['content-type'];
  if (given === undefined || given === '') throw badRequest('The "content-type" header is required.');
  const type = given.split(';')[0]?.trim().toLowerCase() ?? '';
  if (['application/fhir+json', 'application/json', 'text/json'].includes(type)) return;
  throw fhirError(415, 'not-supported', `Value supplied, ${given},  for the "Content-Type" header is not supported.`);
}

/**
 * The resource in the body of a write.
 * @param id the id in the path; undefined where the path has none
 * @throws FhirError 400 when the body does not fit the path, 415
 */
export function resourceIn(request: FhirHttpRequest, type: string, id: string | undefined): ParsedResource {
  requireJson(request);
  const resource = parseResource(request.body.toString());
  if (resource.type !== type) throw badRequest('Resource type in the URL must match resourceType in the resource.');
  if (id === undefined) return resource;
  if (resource.id === undefined) throw badRequest('Id must be specified in the resource.');
  if (resource.id !== id) throw badRequest('Id in the URL must match id in the resource.');
  return resource;
}
