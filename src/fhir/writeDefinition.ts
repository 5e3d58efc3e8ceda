import type { HttpAnswer } from '../http/answer.ts';
import type { DefinitionResource } from './definitions.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { checkId, checkType, resourceIdPattern } from './names.ts';

/**
 * Writes a definition that the service does not have, without what the other server set by itself. PUT with the source's
 * id can be repeated safely; an id that the service uses for something else must not be taken.
 * @param taken ids of resources of this type on the service
 */
export function createDefinition(
  client: FhirClient,
  resource: DefinitionResource,
  taken: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { id } = resource;
  const type = checkType(resource.resourceType);
  const keepsId = typeof id === 'string' && resourceIdPattern.test(id) && !/^\.+$/.test(id) && !taken.has(id);
  return client.send(
    {
      method: keepsId ? 'PUT' : 'POST',
      path: keepsId ? `/${type}/${id}` : `/${type}`,
      headers: { ...acceptFhir, 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ ...withoutServerData(resource), ...(keepsId ? { id } : {}) }),
      template: keepsId ? `/${type}/{id}` : `/${type}`,
      retry: keepsId ? 'idempotent' : 'ifRefused',
      maxBytes: maxBytes.written,
      deadlineMs: deadlineMs.start,
    },
    signal,
  );
}

/**
 * Puts a definition in the place of the one that the service has, under the id that it has there, unless that one
 * changed since it was read: the answer is 412 then.
 */
export function replaceDefinition(
  client: FhirClient,
  held: DefinitionResource,
  resource: DefinitionResource,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const type = checkType(held.resourceType);
  const id = checkId(typeof held.id === 'string' ? held.id : '');
  const version = versionOf(held);
  return client.send(
    {
      method: 'PUT',
      path: `/${type}/${id}`,
      headers: {
        ...acceptFhir,
        'content-type': 'application/fhir+json',
        ...(version === undefined ? {} : { 'if-match': `W/"${version}"` }),
      },
      body: JSON.stringify({ ...withoutServerData(resource), id }),
      template: `/${type}/{id}`,
      // A repeated write would meet the version that its own first attempt made.
      retry: version === undefined ? 'idempotent' : 'ifRefused',
      maxBytes: maxBytes.written,
      deadlineMs: deadlineMs.start,
    },
    signal,
  );
}

const withoutServerData = (resource: DefinitionResource): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(resource).filter(([key]) => key !== 'id' && key !== 'meta'));

function versionOf({ meta }: DefinitionResource): string | undefined {
  if (typeof meta !== 'object' || meta === null || !('versionId' in meta)) return undefined;
  return typeof meta.versionId === 'string' && /^[\w.-]{1,64}$/.test(meta.versionId) ? meta.versionId : undefined;
}
