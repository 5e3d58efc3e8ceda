import { exactNumber } from '../../fhir/resourceText.ts';
import type { SeededRandom } from '../random.ts';

/** A resource as it is made: type and id apart, the rest in the order in which it is written. */
export interface Draft {
  readonly type: string;
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What an encounter's resources refer to. */
export interface Visit {
  readonly patient: string;
  readonly encounter: string;
  readonly practitioner: string;
  readonly organization: string;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
}

type Coded = readonly [code: string, display: string];

const vitals: readonly [VitalSign, ...VitalSign[]] = [
  { code: ['8867-4', 'Heart rate'], unit: '/min', low: 52, high: 110, decimals: 0 },
  { code: ['8310-5', 'Body temperature'], unit: 'Cel', low: 36, high: 40, decimals: 1 },
  { code: ['29463-7', 'Body weight'], unit: 'kg', low: 48, high: 120, decimals: 2 },
  { code: ['8302-2', 'Body height'], unit: 'cm', low: 148, high: 201, decimals: 1 },
  { code: ['2339-0', 'Glucose'], unit: 'mg/dL', low: 65, high: 180, decimals: 2 },
];

interface VitalSign {
  readonly code: Coded;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  readonly decimals: number;
}

const conditions: readonly [Coded, ...Coded[]] = [
  ['38341003', 'Hypertensive disorder'],
  ['44054006', 'Diabetes mellitus type 2'],
  ['195967001', 'Asthma'],
  ['444814009', 'Viral sinusitis'],
];
const procedures: readonly [Coded, ...Coded[]] = [
  ['430193006', 'Medication reconciliation'],
  ['710824005', 'Assessment of health and social care needs'],
  ['23426006', 'Measurement of respiratory function'],
];
const medications: readonly [Coded, ...Coded[]] = [
  ['314076', 'lisinopril 10 MG Oral Tablet'],
  ['860975', 'metformin 500 MG Oral Tablet'],
  ['895994', 'fluticasone 44 MCG Inhaler'],
];
const vaccines: readonly [Coded, ...Coded[]] = [
  ['140', 'Influenza, seasonal, injectable, preservative free'],
  ['115', 'Tdap'],
  ['133', 'Pneumococcal conjugate PCV 13'],
];

function concept(system: string, [code, display]: Coded): object {
  return { coding: [{ system, code, display }], text: display };
}

function reference(type: string, id: string): object {
  return { reference: `${type}/${id}` };
}

/** The visit itself. */
export function encounterOf(visit: Visit): Draft {
  const start = new Date(visit.at).toISOString();
  const end = new Date(visit.at + 1_800_000).toISOString();
  return {
    type: 'Encounter',
    id: visit.encounter,
    body: {
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject: reference('Patient', visit.patient),
      participant: [{ individual: reference('Practitioner', visit.practitioner) }],
      period: { start, end },
      serviceProvider: reference('Organization', visit.organization),
    },
  };
}

/** Everything that was recorded at a visit; a report refers to its observations. */
export function recordsOf(visit: Visit, random: SeededRandom): readonly Draft[] {
  const observations = Array.from({ length: random.between(2, 5) }, () => observationOf(visit, random));
  const drafts: Draft[] = [...observations];
  if (random.chance(0.35)) drafts.push(conditionOf(visit, random));
  if (random.chance(0.3)) drafts.push(procedureOf(visit, random));
  if (random.chance(0.4)) drafts.push(medicationRequestOf(visit, random));
  if (random.chance(0.2)) drafts.push(immunizationOf(visit, random));
  if (random.chance(0.25)) drafts.push(reportOf(visit, observations, random));
  return drafts;
}

function observationOf(visit: Visit, random: SeededRandom): Draft {
  const sign = random.pick(vitals);
  const value = (sign.low + random.next() * (sign.high - sign.low)).toFixed(sign.decimals);
  const category = 'http://terminology.hl7.org/CodeSystem/observation-category';
  return {
    type: 'Observation',
    id: random.id('obs'),
    body: {
      status: 'final',
      category: [{ coding: [{ system: category, code: 'vital-signs' }] }],
      code: concept('http://loinc.org', sign.code),
      subject: reference('Patient', visit.patient),
      encounter: reference('Encounter', visit.encounter),
      effectiveDateTime: new Date(visit.at + 300_000).toISOString(),
      valueQuantity: {
        // Trailing zeros are kept as they were measured.
        value: exactNumber(value),
        unit: sign.unit,
        system: 'http://unitsofmeasure.org',
        code: sign.unit,
      },
    },
  };
}

function conditionOf(visit: Visit, random: SeededRandom): Draft {
  const status = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
  return {
    type: 'Condition',
    id: random.id('cond'),
    body: {
      clinicalStatus: { coding: [{ system: status, code: random.pick(['active', 'resolved', 'remission']) }] },
      code: concept('http://snomed.info/sct', random.pick(conditions)),
      subject: reference('Patient', visit.patient),
      encounter: reference('Encounter', visit.encounter),
      onsetDateTime: new Date(visit.at).toISOString().slice(0, 10),
    },
  };
}

function procedureOf(visit: Visit, random: SeededRandom): Draft {
  return {
    type: 'Procedure',
    id: random.id('proc'),
    body: {
      status: 'completed',
      code: concept('http://snomed.info/sct', random.pick(procedures)),
      subject: reference('Patient', visit.patient),
      encounter: reference('Encounter', visit.encounter),
      performedDateTime: new Date(visit.at + 600_000).toISOString(),
    },
  };
}

function medicationRequestOf(visit: Visit, random: SeededRandom): Draft {
  return {
    type: 'MedicationRequest',
    id: random.id('medreq'),
    body: {
      status: random.pick(['active', 'completed', 'stopped']),
      intent: 'order',
      medicationCodeableConcept: concept('http://www.nlm.nih.gov/research/umls/rxnorm', random.pick(medications)),
      subject: reference('Patient', visit.patient),
      encounter: reference('Encounter', visit.encounter),
      authoredOn: new Date(visit.at + 900_000).toISOString(),
      requester: reference('Practitioner', visit.practitioner),
    },
  };
}

function immunizationOf(visit: Visit, random: SeededRandom): Draft {
  return {
    type: 'Immunization',
    id: random.id('imm'),
    body: {
      status: 'completed',
      vaccineCode: concept('http://hl7.org/fhir/sid/cvx', random.pick(vaccines)),
      patient: reference('Patient', visit.patient),
      encounter: reference('Encounter', visit.encounter),
      occurrenceDateTime: new Date(visit.at + 700_000).toISOString(),
      primarySource: true,
    },
  };
}

function reportOf(visit: Visit, observations: readonly Draft[], random: SeededRandom): Draft {
  return {
    type: 'DiagnosticReport',
    id: random.id('report'),
    body: {
      status: 'final',
      code: concept('http://loinc.org', ['51990-0', 'Basic metabolic panel']),
      subject: reference('Patient', visit.patient),
      encounter: reference('Encounter', visit.encounter),
      effectiveDateTime: new Date(visit.at + 300_000).toISOString(),
      issued: new Date(visit.at + 3_600_000).toISOString(),
      result: observations.map(({ id }) => reference('Observation', id)),
    },
  };
}
