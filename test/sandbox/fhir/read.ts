import { fhirAnswer, type FhirHttpResponse } from './http.ts';
import { FhirError, fhirError } from './outcome.ts';
import { render } from './resourceText.ts';
import type { TimeOrderedStore } from './store.ts';
import type { StoredVersion } from '../contract.ts';

/** Headers of an answer that carries or confirms one version. */
export function versionHeaders(version: StoredVersion): Record<string, string> {
  return {
    ETag: `W/"${version.versionId}"`,
    'Last-Modified': new Date(version.lastUpdated).toUTCString(),
  };
}

/** Answers `GET {type}/{id}`. @throws FhirError 404 when it never was, 410 with the ETag when it is deleted */
export function read(store: TimeOrderedStore, type: string, id: string): FhirHttpResponse {
  const version = store.current(type, id);
  if (version === undefined) {
    throw fhirError(404, 'not-found', `Resource type '${type}' with id '${id}' couldn't be found.`);
  }
  return answerLive(version);
}

/** Answers `GET {type}/{id}/_history/{version}`. @throws FhirError as `read` */
export function readVersion(store: TimeOrderedStore, type: string, id: string, versionId: string): FhirHttpResponse {
  const version = store.versions(type, id).find((candidate) => candidate.versionId === versionId);
  if (version === undefined) {
    const text = `Resource type '${type}' with id '${id}' and version '${versionId}' couldn't be found.`;
    throw fhirError(404, 'not-found', text);
  }
  return answerLive(version);
}

function answerLive(version: StoredVersion): FhirHttpResponse {
  if (version.deleted) throw new FhirError(410, [], { ETag: `W/"${version.versionId}"` });
  return fhirAnswer(200, render(version), versionHeaders(version));
}
