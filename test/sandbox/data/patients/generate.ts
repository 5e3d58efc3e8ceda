import type { StoredVersion } from '../../contract.ts';
import { tombstoneJson } from '../../fhir/resourceText.ts';
import { yearMs } from '../moment.ts';
import { SeededRandom } from '../random.ts';
import { encounterOf, recordsOf, type Draft, type Visit } from './clinical.ts';
import { cities, families, givens } from './names.ts';

export interface PatientOptions {
  readonly count: number;
  /** Default 1. */
  readonly seed?: number;
  /** Years of history before `now`; default 4. */
  readonly years?: number;
}

/** Share of resources that are changed after they were written, and of those that are deleted in the end. */
const changedShare = 0.12;
const deletedShare = 0.02;

/**
 * Patients with about five visits each and what was recorded there, some 30 resources a patient, with organizations and
 * practitioners that they share. Some resources have further versions, some end as a tombstone. The same options give
 * the same resources, patient by patient, with little memory.
 * @param now nothing is newer than a minute before this
 */
export function* generatePatients(options: PatientOptions, now: number): Generator<StoredVersion> {
  const { count, seed = 1, years = 4 } = options;
  const begin = now - years * yearMs;
  const shared = sharedResources(Math.max(1, Math.ceil(count / 50)), seed);
  const staff = new SeededRandom(seed);
  for (const draft of [...shared.organizations, ...shared.practitioners]) yield* lifeOf(draft, begin, now, staff, 0);
  for (let number = 0; number < count; number += 1) {
    // One sequence per patient: more patients leave those before them as they are.
    const random = new SeededRandom(seed * 1_000_003 + number * 7_919 + 17);
    yield* patientWithRecords(random, shared, begin, now);
  }
}

interface Shared {
  readonly organizations: readonly [Draft, ...Draft[]];
  readonly practitioners: readonly [Draft, ...Draft[]];
}

function sharedResources(organizations: number, seed: number): Shared {
  const random = new SeededRandom(seed + 99);
  const made = Array.from({ length: organizations }, (_, index) => organization(random, index));
  const staff = Array.from({ length: organizations * 3 }, () => practitioner(random));
  return {
    organizations: [organization(random, organizations), ...made],
    practitioners: [practitioner(random), ...staff],
  };
}

function organization(random: SeededRandom, index: number): Draft {
  const name = `${random.pick(cities)} Clinic ${index + 1}`;
  return { type: 'Organization', id: random.id('org'), body: { active: true, name } };
}

function practitioner(random: SeededRandom): Draft {
  const name = [{ family: random.pick(families), given: [random.pick(givens)], prefix: ['Dr.'] }];
  return { type: 'Practitioner', id: random.id('prac'), body: { active: true, name } };
}

function* patientWithRecords(
  random: SeededRandom,
  shared: Shared,
  begin: number,
  now: number,
): Generator<StoredVersion> {
  const patient = patientOf(random);
  const registered = begin + random.next() * (now - begin) * 0.8;
  yield* lifeOf(patient, registered, now, random, 0.005);
  for (let visits = random.between(3, 7); visits > 0; visits -= 1) {
    const visit: Visit = {
      patient: patient.id,
      encounter: random.id('enc'),
      practitioner: random.pick(shared.practitioners).id,
      organization: random.pick(shared.organizations).id,
      at: Math.floor(registered + random.next() * (now - registered - 7_200_000)),
    };
    for (const draft of [encounterOf(visit), ...recordsOf(visit, random)]) {
      yield* lifeOf(draft, visit.at, now, random, deletedShare);
    }
  }
}

function patientOf(random: SeededRandom): Draft {
  const colour = random.pick(['brown', 'blue', 'green', 'hazel']);
  const birthDate = new Date(Date.UTC(random.between(1930, 2020), random.between(0, 11), random.between(1, 28)));
  return {
    type: 'Patient',
    id: random.id('pat'),
    body: {
      extension: [{ url: eyeColourExtension, valueString: colour }],
      identifier: [{ system: 'urn:example:mrn', value: `MRN${random.between(10_000_000, 99_999_999)}` }],
      active: true,
      name: [{ use: 'official', family: random.pick(families), given: [random.pick(givens), random.pick(givens)] }],
      telecom: [{ system: 'phone', value: `+1-555-${random.between(1_000_000, 9_999_999)}` }],
      gender: random.pick(['female', 'male', 'other', 'unknown']),
      birthDate: birthDate.toISOString().slice(0, 10),
      address: [{ line: [`${random.between(1, 200)} Example Street`], city: random.pick(cities) }],
    },
  };
}

/** Extension that one of the custom search parameters looks at. */
export const eyeColourExtension = 'https://example.org/fhir/StructureDefinition/eye-colour';

/** The versions of a resource: written a moment after `at`, perhaps changed, perhaps deleted, in rising order of time. */
function* lifeOf(
  { type, id, body }: Draft,
  at: number,
  now: number,
  random: SeededRandom,
  deletion: number,
): Generator<StoredVersion> {
  const latest = now - 60_000;
  let lastUpdated = Math.min(latest - 10_000, Math.floor(at + random.next() * 3_600_000));
  const write = (versionId: number, json: string, method: StoredVersion['method']): StoredVersion => {
    return { type, id, versionId: String(versionId), lastUpdated, deleted: method === 'DELETE', method, json };
  };
  const later = (): number => lastUpdated + 1 + Math.floor(random.next() * (latest - lastUpdated - 1));
  let version = 1;
  yield write(version, textOf(type, id, body, undefined), 'PUT');
  while (version < 4 && random.chance(changedShare)) {
    version += 1;
    lastUpdated = later();
    yield write(version, textOf(type, id, body, version), 'PUT');
  }
  if (!random.chance(deletion)) return;
  lastUpdated = later();
  yield write(version + 1, tombstoneJson(type, id), 'DELETE');
}

/** A change shows in a tag, so that every version has its own text. */
function textOf(type: string, id: string, body: Draft['body'], revision: number | undefined): string {
  const head = { resourceType: type, id };
  if (revision === undefined) return JSON.stringify({ ...head, ...body });
  const tag = [{ system: 'urn:example:revision', code: String(revision) }];
  return JSON.stringify({ ...head, meta: { tag }, ...body });
}
