import { FailureError } from '../failure/failure.ts';

/** Name of a FHIR resource type. */
export const resourceTypePattern = /^[A-Z][A-Za-z]{1,63}$/;
/** FHIR R4, datatypes: id. */
export const resourceIdPattern = /^[A-Za-z0-9.-]{1,64}$/;

/** Throws `invalidInput` unless the name can be a path segment that names a resource type. */
export function checkType(type: string): string {
  if (resourceTypePattern.test(type)) return type;
  throw new FailureError({ kind: 'invalidInput', message: 'A resource type has a name that FHIR does not allow.' });
}

/** Throws `invalidInput` unless the text is a FHIR id; `.` and `..` would change the path. */
export function checkId(id: string): string {
  if (resourceIdPattern.test(id) && !/^\.+$/.test(id)) return id;
  throw new FailureError({ kind: 'invalidInput', message: 'A resource has an id that FHIR does not allow.' });
}
