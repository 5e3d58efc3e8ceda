import { emptyAnswer, fhirAnswer, type FhirHttpResponse } from '../http.ts';
import { versionHeaders } from '../read.ts';
import { render } from '../resourceText.ts';
import type { Saved } from './writer.ts';
import type { StoredVersion } from '../../contract.ts';

/** Answers a create or an update: 201 with the address of the version, or 200. */
export function savedAnswer({ version, outcome }: Saved, base: string): FhirHttpResponse {
  const location = `${base}/${version.type}/${version.id}/_history/${version.versionId}`;
  if (outcome !== 'created') return fhirAnswer(200, render(version), versionHeaders(version));
  return fhirAnswer(201, render(version), { ...versionHeaders(version), Location: location });
}

/** Answers a delete: 204, with the ETag of the tombstone where one was written. */
export function deletedAnswer(tombstone: StoredVersion | undefined): FhirHttpResponse {
  return emptyAnswer(204, tombstone === undefined ? {} : { ETag: `W/"${tombstone.versionId}"` });
}
