import assert from 'node:assert/strict';
import { base, idsOf, patient, TestService } from './fixture.ts';

/** Resources whose parameters are looked for. */
async function clinic(): Promise<TestService> {
  const service = new TestService({ flavour: 'ahds' });
  await service.have(
    patient('p1', {
      name: [{ family: 'Müller', given: ['Anna', 'Maria'] }],
      identifier: [{ system: 'urn:mrn', value: 'A1', type: { text: 'Medical record' } }],
      birthDate: '1970-05-17',
      gender: 'female',
      active: true,
      address: [{ city: 'Köln', line: ['Gasse 1'] }],
      telecom: [{ system: 'email', value: 'a@example.org' }],
      generalPractitioner: [{ reference: 'Practitioner/d1' }],
      deceasedBoolean: false,
    }),
  );
  await service.have(
    patient('p2', {
      name: [{ family: 'Mullberry', given: ['Bo'] }],
      identifier: [{ value: 'A1' }],
      birthDate: '1980',
      gender: 'male',
      deceasedDateTime: '2020-01-01',
    }),
  );
  await service.have({
    resourceType: 'Observation',
    id: 'o1',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8480-6', display: 'Systolic pressure' }], text: 'BP' },
    subject: { reference: 'Patient/p1' },
    effectiveDateTime: '2024-03-05T10:00:00+02:00',
    valueQuantity: { value: 120.5, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
  });
  await service.have({
    resourceType: 'Observation',
    id: 'o2',
    status: 'preliminary',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '8480-6' }] },
    subject: { reference: `${base}/Patient/p2` },
    effectivePeriod: { start: '2024-01-01', end: '2024-06-30' },
    valueString: 'high',
  });
  await service.have({
    resourceType: 'Condition',
    id: 'c1',
    subject: { reference: 'Group/p1' },
    onsetAge: { value: 40, unit: 'a' },
  });
  await service.have({
    resourceType: 'ValueSet',
    id: 'v1',
    url: 'http://example.org/vs/one',
    status: 'active',
  });
  return service;
}

describe('built-in search parameters', () => {
  const service = clinic();
  const cases: readonly (readonly [string, string])[] = [
    // texts: beginning, without case and accents
    ['Patient?name=mull', 'p1 p2'],
    ['Patient?family=Müller', 'p1'],
    ['Patient?family:exact=muller', ''],
    ['Patient?family:exact=Müller', 'p1'],
    ['Patient?family:contains=berry', 'p2'],
    ['Patient?given=maria', 'p1'],
    ['Patient?address-city=koln', 'p1'],
    ['Patient?name=anna,bo', 'p1 p2'],
    ['Patient?name=mull&name=bo', 'p2'],
    // tokens
    ['Patient?identifier=A1', 'p1 p2'],
    ['Patient?identifier=urn:mrn|A1', 'p1'],
    ['Patient?identifier=|A1', 'p2'],
    ['Patient?identifier=urn:mrn|', 'p1'],
    ['Patient?gender=female', 'p1'],
    ['Patient?gender:not=female', 'p2'],
    ['Patient?active=true', 'p1'],
    ['Patient?email=a@example.org', 'p1'],
    ['Patient?deceased=true', 'p2'],
    ['Patient?deceased=false', 'p1'],
    ['Observation?code=8480-6', 'o1 o2'],
    ['Observation?code=http://loinc.org|8480-6', 'o1'],
    ['Observation?code:text=systolic', 'o1'],
    ['Observation?status=final,preliminary', 'o1 o2'],
    // references
    ['Observation?subject=Patient/p1', 'o1'],
    ['Observation?subject=p1', 'o1'],
    [`Observation?subject=${base}/Patient/p1`, 'o1'],
    ['Observation?subject:Patient=p1', 'o1'],
    ['Observation?patient=p2', 'o2'],
    ['Condition?patient=p1', ''],
    ['Condition?subject=Group/p1', 'c1'],
    ['Patient?general-practitioner=Practitioner/d1', 'p1'],
    // dates
    ['Patient?birthdate=1970', 'p1'],
    ['Patient?birthdate=1970-05-17', 'p1'],
    ['Patient?birthdate=ge1970-05-17&birthdate=lt1980', 'p1'],
    ['Patient?birthdate=ne1970', 'p2'],
    ['Observation?date=2024-03-05', 'o1'],
    ['Observation?date=ge2024-03-05T08:00:00Z', 'o1 o2'],
    ['Observation?date=sa2024-02', 'o1'],
    ['Observation?date=eb2025', 'o1 o2'],
    // numbers and quantities
    ['Observation?value-quantity=120.5', 'o1'],
    ['Observation?value-quantity=121', 'o1'],
    ['Observation?value-quantity=121.0', ''],
    ['Observation?value-quantity=gt100||mm[Hg]', 'o1'],
    ['Observation?value-quantity=120.5|http://unitsofmeasure.org|mm[Hg]', 'o1'],
    ['Observation?value-quantity=lt100', ''],
    ['Condition?onset-age=40', 'c1'],
    ['Observation?value-string=hi', 'o2'],
    // addresses, composites, presence, general parameters
    ['ValueSet?url=http://example.org/vs/one', 'v1'],
    ['ValueSet?url:below=http://example.org', 'v1'],
    ['Observation?code-value-quantity=http://loinc.org|8480-6$gt120', 'o1'],
    ['Observation?code-value-quantity=8480-6$gt130', ''],
    ['Patient?active:missing=true', 'p2'],
    ['Patient?active:missing=false', 'p1'],
    ['Patient?_id=p2', 'p2'],
  ];
  for (const [address, ids] of cases) {
    it(address, async () => {
      const answer = await (await service).get(`/${address}`, { headers: { prefer: 'handling=strict' } });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(idsOf(answer).join(' '), ids);
    });
  }

  for (const address of [
    'Patient?birthdate=soon',
    'Observation?value-quantity=much',
    'Patient?active:missing=perhaps',
    'Patient?identifier=a|b|c',
    'Observation?code-value-quantity=8480-6',
  ]) {
    it(`${address} is refused`, async () => {
      assert.equal((await (await service).get(`/${address}`)).status, 400);
    });
  }

  it('find what was tagged and profiled', async () => {
    const one = new TestService({ flavour: 'ahds' });
    await one.have(patient('p1', { meta: { tag: [{ system: 't', code: 'x' }], profile: ['http://example.org/p'] } }));
    await one.have(patient('p2'));
    assert.deepEqual(idsOf(await one.get('/?_tag=t|x')), ['p1']);
    assert.deepEqual(idsOf(await one.get('/Patient?_profile=http://example.org/p')), ['p1']);
  });

  it('include the expiry date of the services', async () => {
    const one = new TestService({ flavour: 'ahds' });
    const url = 'https://azurehealthcareapis.com/data-extensions/expiry-date';
    await one.have(patient('p1', { meta: { extension: [{ url, valueDateTime: '2027-01-01T00:00:00Z' }] } }));
    assert.deepEqual(idsOf(await one.get('/Patient?_expiryDate=gt2026')), ['p1']);
    assert.deepEqual(idsOf(await one.get('/Patient?_expiryDate=lt2026')), []);
  });
});
