import { fhirAnswer, type FhirHttpRequest, type FhirHttpResponse } from './http.ts';
import { badRequest, fhirError } from './outcome.ts';
import type { JsonObject } from './resourceText.ts';
import { parseElements, parseSummary } from './search/shape.ts';

const formats = ['json', 'application/json', 'application/fhir+json', 'text/json'];

/** @throws FhirError 406 for a format that is not JSON, 400 for a `_pretty` that is not a boolean */
export function checkFormat(query: URLSearchParams): void {
  const format = query.get('_format');
  if (format !== null && !formats.includes(format.toLowerCase().split(';')[0]?.trim() ?? '')) {
    throw fhirError(406, 'not-supported', 'The requested "_format" parameter is not supported.');
  }
  const pretty = query.get('_pretty');
  if (pretty !== null && pretty !== 'true' && pretty !== 'false') {
    throw badRequest('The requested "_pretty" parameter is invalid.');
  }
}

/** Answers `GET metadata`, whole or cut by `_summary` and `_elements`. @param whole gives the text of the statement */
export function metadata(query: URLSearchParams, whole: () => string): FhirHttpResponse {
  checkFormat(query);
  const elements = query.get('_elements');
  const names = elements === null ? undefined : parseElements(elements);
  const asked = query.get('_summary');
  const summary = asked === null ? 'false' : parseSummary(asked);
  if (names === undefined && summary === 'false') return fhirAnswer(200, whole());
  const statement = JSON.parse(whole()) as JsonObject;
  const mandatory = ['resourceType', 'status', 'date', 'kind', 'fhirVersion', 'format'];
  const kept =
    names !== undefined
      ? [...mandatory, ...names]
      : summary === 'text' || summary === 'count'
        ? mandatory
        : Object.keys(statement);
  return fhirAnswer(200, Object.fromEntries(Object.entries(statement).filter(([name]) => kept.includes(name))));
}

/** Answers `GET $versions`. @throws FhirError 406 */
export function versions({ headers }: FhirHttpRequest, fhirVersion: string): FhirHttpResponse {
  const accept = headers.accept ?? '*/*';
  const wanted = accept.split(',').map((one) => one.split(';')[0]?.trim().toLowerCase() ?? '');
  if (!wanted.some((type) => ['*/*', 'application/json', 'application/fhir+json'].includes(type))) {
    throw fhirError(406, 'not-supported', `Value supplied, ${accept},  for the "Accept" header is not supported.`);
  }
  const version = fhirVersion.split('.').slice(0, 2).join('.');
  const contentType = wanted.includes('application/fhir+json') ? 'application/fhir+json' : 'application/json';
  const body = { versions: [version], default: version };
  return fhirAnswer(200, body, { 'Content-Type': `${contentType}; charset=utf-8` });
}
