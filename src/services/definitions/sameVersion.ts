import { FailureError } from '../../failure/failure.ts';
import { fhirVersionOf } from '../../compare/capabilityStatement.ts';
import type { Side } from '../compare/side.ts';

/** Major and minor part: a service of 4.0.0 takes what one of 4.0.1 has. */
const release = (version: string): string => version.split('.').slice(0, 2).join('.');

/**
 * Refuses to write definitions of one FHIR version to a service of another.
 * @throws FailureError `invalidInput` when both capability statements tell their versions and they differ
 */
export async function checkSameVersion(source: Side, target: Side): Promise<void> {
  const [from, to] = (await Promise.all([source.metadata(), target.metadata()])).map(fhirVersionOf);
  if (from === undefined || to === undefined || release(from) === release(to)) return;
  throw new FailureError({
    kind: 'invalidInput',
    message: `${source.service.name} has FHIR ${from}, ${target.service.name} has FHIR ${to}: nothing was written.`,
    service: target.service.name,
    nextStep: 'Choose a target of the same FHIR version; a migration does not convert.',
  });
}
