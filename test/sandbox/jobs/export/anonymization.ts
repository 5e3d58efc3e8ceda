import { RestError } from '@azure/storage-blob';
import type { BlobAccount } from '../../blob/blobAccount.ts';
import { badRequest } from '../../fhir/outcome.ts';
import { JobFailure } from '../job.ts';

/** Where the configuration of an anonymized export is. */
export interface Anonymization {
  /** Name of a blob in the container `anonymization` of the export account. */
  readonly location: string;
  /** Quoted or bare; undefined takes whatever version is there. */
  readonly etag: string | undefined;
}

const container = 'anonymization';
/** Microsoft Learn, healthcare-apis: deidentified-export. */
const largestBytes = 1_000_000;
/** A container image as it is named in a registry: `registry/name[:tag][@digest]`. */
const imageReference = /^[\w.-]+(?::\d+)?\/[a-z0-9][a-z0-9._/-]*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

/**
 * Checks the parameters of an anonymized export at its start; undefined when it is none.
 * @throws FhirError 400
 */
export function anonymizationOf(query: URLSearchParams): Anonymization | undefined {
  const given = (name: string): string | undefined => {
    const value = query.get(name)?.trim();
    return value === '' ? undefined : (value ?? undefined);
  };
  const location = given('_anonymizationConfig');
  const etag = given('_anonymizationConfigEtag');
  const reference = given('_anonymizationConfigCollectionReference');
  if (location === undefined && etag === undefined && reference === undefined) return undefined;
  if (location === undefined) throw badRequest("Missing '_anonymizationConfig' for anonymized export");
  if (given('_container') === undefined) throw badRequest("Missing '_container' for anonymized export");
  refusePathTraversal(location);
  if (reference !== undefined) throw refusedReference(reference, etag);
  return { location, etag };
}

/** No registry can be configured in the sandbox, so that every reference is refused, each for its own reason. */
function refusedReference(reference: string, etag: string | undefined): Error {
  if (etag !== undefined) {
    return badRequest(
      "The parameters '_anonymizationConfigEtag' and '_anonymizationConfigCollectionReference' cannot be given in the same request. Please only specify one of them.",
    );
  }
  const wrong = imageReference.test(reference) ? 'not configured' : 'invalid';
  return badRequest(`The configuration collection reference '${reference}' is ${wrong}.`);
}

/** @throws FhirError 400 for a value with `..` as one of its segments, escaped ones too */
export function refusePathTraversal(value: string): void {
  if (unescaped(value).split(/[/\\]/).includes('..')) {
    throw badRequest(`The value '${value}' is not valid. Path traversal characters are not allowed.`);
  }
}

function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Reads the configuration as a running job does. @throws JobFailure 400 */
export async function checkAnonymization(account: BlobAccount, anonymization: Anonymization): Promise<void> {
  const { location, etag } = anonymization;
  const fail = (reason: string): JobFailure => new JobFailure(400, reason);
  if (!(await account.containers()).includes(container)) {
    throw fail('Anonymization container not found on the destination storage.');
  }
  const properties = await account.properties(container, location).catch((error: unknown) => {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  });
  if (properties === undefined) throw fail(`Anonymization configuration '${location}' not found.`);
  if (etag !== undefined && bare(etag) !== bare(properties.etag)) {
    throw fail('The condition specified using HTTP conditional header(s) is not met.');
  }
  if (properties.bytes > largestBytes) throw fail('Anonymization configuration is too large > 1MB.');
  try {
    JSON.parse(await account.read(container, location));
  } catch (error) {
    if (error instanceof SyntaxError) throw fail(`Failed to parse configuration file: ${error.message}`);
    throw error;
  }
}

function bare(etag: string): string {
  return etag.replace(/^"(.*)"$/, '$1');
}
