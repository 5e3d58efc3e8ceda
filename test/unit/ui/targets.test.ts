import assert from 'node:assert/strict';
import type { DiscoveredService } from '../../../src/azure/discovered.ts';
import { boundProblem, nameProblem, tillProblem, typesOf, typesProblem } from '../../../src/ui/plan/scopeInput.ts';
import { stagingChoices, stagingProblem } from '../../../src/ui/plan/stagingChoices.ts';
import { targetChoices, targetRefusal, targetToPrepare } from '../../../src/ui/plan/targets.ts';
import { addressProblem, normalizedAddress } from '../../../src/ui/plan/address.ts';
import { ahds, service } from './samples.ts';

describe('what can be a target', () => {
  const source = service();
  const cases: readonly (readonly [string, DiscoveredService, RegExp | undefined])[] = [
    ['an AHDS service with incremental import', ahds(), undefined],
    ['one whose import mode Azure does not tell', ahds({ importMode: undefined }), undefined],
    ['one whose version is not known yet', ahds({ fhirVersion: undefined }), undefined],
    ['the source itself', service({ endpoint: 'https://Contoso.azurehealthcareapis.com/' }), /source itself/],
    ['another Azure API for FHIR', service({ id: 'x', endpoint: 'https://x.example' }), /must be an AHDS/],
    ['another FHIR version', ahds({ fhirVersion: '3.0' }), /STU3, the source R4/],
    ['one that is being changed', ahds({ provisioningState: 'Updating' }), /Updating/],
    ['one in initial import mode, which can be prepared', ahds({ importMode: 'initial' }), undefined],
    ['one without import, which can be prepared', ahds({ importMode: 'off' }), undefined],
  ];
  for (const [what, candidate, reason] of cases) {
    it(`${reason === undefined ? 'takes' : 'refuses'} ${what}`, () => {
      const refusal = targetRefusal(source, candidate);
      if (reason === undefined) assert.equal(refusal, undefined);
      else assert.match(refusal ?? '', reason);
    });
  }

  it('says of a target what has to be prepared', () => {
    assert.match(targetToPrepare(ahds({ importMode: 'initial' })) ?? '', /initial import mode/);
    const [off] = targetChoices(source, [ahds({ importMode: 'off' })], undefined);
    assert.match(off?.detail ?? '', /^Import is off: "Prepare…" turns it on\. · /);
    assert.equal(targetToPrepare(ahds()), undefined);
  });

  it('takes the same release in another notation', () => {
    assert.equal(targetRefusal(service({ fhirVersion: '4.0.1' }), ahds({ fhirVersion: '4.0' })), undefined);
  });

  it('lists all services, the last choice first and the others by name', () => {
    const [a, b] = [ahds({ name: 'a' }), ahds({ name: 'b' })];
    const choices = targetChoices(source, [a, source, b], b.id);
    assert.deepEqual(
      choices.map(({ label, picked }) => [label, picked]),
      [
        ['b', true],
        ['a', false],
        ['contoso', false],
      ],
    );
    assert.notEqual(choices[2]?.unavailable, undefined);
  });
});

describe('the choice of a staging account', () => {
  const labels = (...args: Parameters<typeof stagingChoices>): (readonly [string, boolean])[] =>
    stagingChoices(...args).map(({ label, picked }) => [label, picked ?? false]);

  it('presets the account that both services name', () => {
    assert.deepEqual(labels(service(), ahds(), undefined), [
      ['contosostaging', true],
      ['Another account…', false],
    ]);
  });

  it('offers both when they differ, and says what has to change', () => {
    const choices = stagingChoices(service(), ahds({ importStorageAccount: 'other' }), undefined);
    assert.deepEqual(
      choices.map(({ label }) => label),
      ['contosostaging', 'other', 'Another account…'],
    );
    assert.match(choices[0]?.detail ?? '', /clinical imports from other: change one of them/);
  });

  it('presets typing when nothing is configured', () => {
    const nothing = { exportStorageAccount: undefined, importStorageAccount: undefined };
    assert.deepEqual(labels(service(nothing), ahds(nothing), undefined), [['Another account…', true]]);
  });

  it('takes names and resource ids, and nothing else', () => {
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/abc';
    for (const good of ['abc', ' contoso1 ', id]) assert.equal(stagingProblem(good), undefined);
    for (const bad of ['', 'ab', 'Upper', 'a-b', `${id}/blobServices/default`])
      assert.notEqual(stagingProblem(bad), undefined);
  });
});

describe('typed answers', () => {
  it('are dates, instants with a zone, or nothing', () => {
    for (const good of ['', '2024-05-01', '2024-05-01T00:00Z', '2024-05-01T01:02:03.004+02:00']) {
      assert.equal(boundProblem(good), undefined, good);
    }
    for (const bad of ['yesterday', '2024-13-01', '2024-05-01T00:00', '2024']) {
      assert.notEqual(boundProblem(bad), undefined, bad);
    }
  });

  it('bound a range that has a start or an end, in this order', () => {
    assert.equal(tillProblem('2024-01-01', '2024-02-01'), undefined);
    assert.equal(tillProblem('2024-01-01', ''), undefined);
    assert.notEqual(tillProblem(undefined, ''), undefined);
    assert.notEqual(tillProblem('2024-02-01', '2024-02-01'), undefined);
  });

  it('name resource types, of which search parameters are none to move', () => {
    assert.deepEqual(typesOf('Patient,  Observation;Patient'), ['Patient', 'Observation']);
    assert.equal(typesProblem('Patient Observation'), undefined);
    for (const bad of ['', 'patient', 'Patient, SearchParameter']) assert.notEqual(typesProblem(bad), undefined);
  });

  it('name the migration', () => {
    assert.equal(nameProblem('Contoso'), undefined);
    for (const bad of ['  ', 'x'.repeat(121)]) assert.notEqual(nameProblem(bad), undefined);
  });

  it('are https addresses without credentials, with or without /metadata', () => {
    assert.equal(addressProblem('https://fhir.example/r4'), undefined);
    for (const bad of ['', 'fhir.example', 'http://fhir.example', 'https://u:p@fhir.example']) {
      assert.notEqual(addressProblem(bad), undefined, bad);
    }
    assert.equal(normalizedAddress(' https://fhir.example/r4/metadata?_format=json '), 'https://fhir.example/r4');
  });
});
