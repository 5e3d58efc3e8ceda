import type { StoredVersion } from '../contract.ts';
import { canonicalJson } from '../fhir/resourceText.ts';
import { momentOf } from './moment.ts';
import { eyeColourExtension } from './patients/generate.ts';

interface CustomParameter {
  readonly id: string;
  readonly code: string;
  readonly base: string;
  readonly type: string;
  readonly expression: string;
}

const parameters: readonly CustomParameter[] = [
  {
    id: 'patient-eye-colour',
    code: 'eye-colour',
    base: 'Patient',
    type: 'string',
    expression: `Patient.extension.where(url='${eyeColourExtension}').value`,
  },
  {
    id: 'patient-home-city',
    code: 'home-city',
    base: 'Patient',
    type: 'string',
    expression: "Patient.address.where(use='home').city",
  },
  {
    id: 'observation-unit',
    code: 'value-unit',
    base: 'Observation',
    type: 'token',
    expression: 'Observation.value.as(Quantity).code',
  },
  {
    id: 'encounter-provider',
    code: 'provider',
    base: 'Encounter',
    type: 'reference',
    expression: 'Encounter.serviceProvider',
  },
  {
    id: 'condition-recorder-date',
    code: 'noted',
    base: 'Condition',
    type: 'date',
    expression: 'Condition.recordedDate | Condition.onset.as(dateTime)',
  },
];

/** Custom search parameters that a service has had for long, and a profile. @param now of the sandbox, milliseconds */
export function* customDefinitions(now: number): Generator<StoredVersion> {
  for (const { id, code, base, type, expression } of parameters) {
    yield stored('SearchParameter', id, now, {
      url: `https://example.org/fhir/SearchParameter/${id}`,
      name: code,
      status: 'active',
      description: `Search by ${code.replaceAll('-', ' ')}`,
      code,
      base: [base],
      type,
      expression,
    });
  }
  yield stored('StructureDefinition', 'clinic-patient', now, {
    url: 'https://example.org/fhir/StructureDefinition/clinic-patient',
    name: 'ClinicPatient',
    status: 'active',
    fhirVersion: '4.0.1',
    kind: 'resource',
    abstract: false,
    type: 'Patient',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
    derivation: 'constraint',
    differential: { element: [{ id: 'Patient.identifier', path: 'Patient.identifier', min: 1 }] },
  });
}

function stored(type: string, id: string, now: number, content: Record<string, unknown>): StoredVersion {
  const lastUpdated = momentOf(`${type}/${id}`, now, 2);
  const json = canonicalJson(content, type, id);
  return { type, id, versionId: '1', lastUpdated, deleted: false, method: 'PUT', json };
}
