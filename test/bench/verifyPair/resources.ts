import type { StoredVersion } from '../../sandbox/contract.ts';

/** Thirty types, as a service of some size has. */
export const types =
  'Account,AllergyIntolerance,Appointment,CarePlan,CareTeam,Claim,Communication,Composition,Condition,Consent,Coverage,Device,DiagnosticReport,DocumentReference,Encounter,EpisodeOfCare,Goal,Group,ImagingStudy,Immunization,Location,Media,Medication,Observation,Organization,Patient,Practitioner,Procedure,Specimen,Task'.split(
    ',',
  );

/** Between two resources, milliseconds. */
export const stepMs = 120_000;

/** One resource of the pair, by its number. */
export function resource(index: number, first: number): StoredVersion {
  const type = types[index % types.length] ?? 'Patient';
  const id = `r${index}`;
  const json = `{"resourceType":"${type}","id":"${id}","status":"active"}`;
  return { type, id, versionId: '1', lastUpdated: first + index * stepMs, deleted: false, method: 'PUT', json };
}
