import type { FhirHttpRequest } from '../../fhir/http.ts';
import { badRequest } from '../../fhir/outcome.ts';

/**
 * Checks the headers of `$export`.
 * @returns whether unknown search parameters are errors: not with `handling=lenient`
 * @throws FhirError 400
 */
export function checkExportHeaders(request: FhirHttpRequest): { readonly strict: boolean } {
  const accept = request.headers.accept;
  if (accept?.toLowerCase() !== 'application/fhir+json') throw unsupported(accept ?? '', 'Accept');
  const prefer = request.headers.prefer;
  if (prefer === undefined) throw badRequest('Missing required header; Prefer');
  let respondAsync = false;
  let strict = true;
  for (const token of prefer.split(',').map((part) => part.trim())) {
    const handling = /^handling\s*=\s*(strict|lenient)$/i.exec(token)?.[1]?.toLowerCase();
    if (handling !== undefined) strict = handling === 'strict';
    else if (token.toLowerCase() === 'respond-async') respondAsync = true;
    else throw unsupported(token, 'Prefer');
  }
  if (!respondAsync) throw badRequest('Missing required header value; header=Prefer,value=respond-async.');
  return { strict };
}

/** The services' own text, with its two blanks. */
export function unsupported(value: string, header: string): Error {
  return badRequest(`Value supplied, ${value},  for the "${header}" header is not supported.`);
}
