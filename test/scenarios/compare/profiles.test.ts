import assert from 'node:assert/strict';
import { exportStatus } from '../../../src/fhir/exportStatus.ts';
import { startExport } from '../../../src/fhir/startExport.ts';
import { canonicalJson } from '../../sandbox/fhir/resourceText.ts';
import { failureOf } from '../../unit/http/fakeHttp.ts';
import { never, until } from '../clients/fixture.ts';
import { aspectOf, statesOf, useServices } from './fixture.ts';

const base = 'https://example.org/fhir';
const clinicPatient = `${base}/StructureDefinition/clinic-patient`;
const [codes, colours, strict] = [
  `${base}/CodeSystem/colours`,
  `${base}/ValueSet/colours`,
  `${base}/StructureDefinition/a-strict-patient`,
];

describe('Profiles and terminology carried over', function () {
  this.timeout(60_000);
  const world = useServices({
    services: [
      {
        name: 'contoso',
        flavour: 'azureApiForFhir',
        data: [{ kind: 'customDefinitions' }, { kind: 'patients', count: 3 }],
        exportTiming: { settleMs: 50 },
      },
      { name: 'clinical', flavour: 'ahds' },
      { name: 'halfway', flavour: 'ahds', place: { workspace: 'halfway' } },
      { name: 'older', flavour: 'ahds', place: { workspace: 'older' }, fhirVersion: '3.0.2' },
    ],
  });
  const idOf = (name: string): string => world().sandbox.resourceIdOf(name);
  const put = (service: string, resource: { readonly resourceType: string; readonly id: string }): void => {
    const { sandbox } = world();
    const store = sandbox.store(service);
    const { resourceType: type, id } = resource;
    const version = store.current(type, id)?.versionId ?? '0';
    store.put({
      type,
      id,
      versionId: String(Number(version) + 1),
      lastUpdated: sandbox.clock.now() - 60_000,
      deleted: false,
      method: 'PUT',
      json: canonicalJson(resource, type, id),
    });
  };
  const definition = (resourceType: string, url: string, more: object) => ({
    resourceType,
    id: url.slice(url.lastIndexOf('/') + 1),
    url,
    status: 'active',
    name: 'Colours',
    ...more,
  });
  const profile = (baseDefinition: string, valueSet: string) => ({
    kind: 'resource',
    abstract: false,
    type: 'Patient',
    derivation: 'constraint',
    baseDefinition,
    differential: {
      element: [{ id: 'Patient.gender', path: 'Patient.gender', binding: { strength: 'required', valueSet } }],
    },
  });

  before(() => {
    put('contoso', definition('CodeSystem', codes, { content: 'complete', concept: [{ code: 'green' }] }));
    put('contoso', definition('ValueSet', colours, { compose: { include: [{ system: codes }] } }));
    // Its name sorts before the profile that it builds on.
    put('contoso', definition('StructureDefinition', strict, profile(clinicPatient, `${colours}|1.0`)));
    for (const [id, named] of [
      ['named-1', [clinicPatient]],
      ['named-2', [`${base}/StructureDefinition/unheard-of`, 'http://hl7.org/fhir/StructureDefinition/vitalsigns']],
    ] as const)
      put('contoso', { resourceType: 'Patient', id, meta: { profile: named } } as never);
  });

  it('tells which profiles the data names, with those that nobody defines', async () => {
    const compared = await world().services.compare(idOf('contoso'), idOf('clinical'), ['profiles'], never);
    const { entries, sourceFrom } = aspectOf(compared, 'profiles');
    assert.equal(sourceFrom, 'service');
    assert.deepEqual(statesOf(entries), {
      [`CodeSystem › ${codes}`]: 'missing',
      [`StructureDefinition › ${strict}`]: 'missing',
      [`StructureDefinition › ${clinicPatient}`]: 'missing',
      [`ValueSet › ${colours}`]: 'missing',
      'Used by the data › http://hl7.org/fhir/StructureDefinition/vitalsigns': 'byDesign',
      [`Used by the data › ${base}/StructureDefinition/unheard-of`]: 'missing',
    });
    assert.match(entries.find(({ path }) => path[1] === clinicPatient)?.guidance ?? '', /uses it: Patient\./);
  });

  it('counts what it did not look at, and tells of profiles that nobody has seen', async () => {
    const named = (type: string, id: string, profile: string) =>
      put('clinical', { resourceType: type, id, meta: { profile: [profile] } } as never);
    for (let i = 0; i < 30; i += 1) {
      named('Basic', `basic-${i}`, `${base}/StructureDefinition/often`);
      named('Flag', `flag-${i}`, `${base}/StructureDefinition/often|1.0`);
    }
    named('Basic', 'the-last', `${base}/StructureDefinition/once`);
    const compared = await world().services.compare(idOf('clinical'), idOf('contoso'), ['profiles'], never);
    const { entries, notes } = aspectOf(compared, 'profiles');
    const unseen = entries.filter(({ path: [, name = ''] }) => name.startsWith('unknown'));
    assert.deepEqual(
      unseen.map(({ path, state, source }) => [path[1], state, source]),
      [['unknown profiles of Basic', 'different', '1 of 31 Basic that name a profile name none of those listed']],
    );
    assert.deepEqual(notes, [
      'Profiles were read from a part of the data and counted in all of it: each of 30 Flag that name a profile names one that is listed.',
    ]);
  });

  it('copies them in the order in which they build on each other, each with its result', async () => {
    const { services } = world();
    const steps: string[] = [];
    const copied = await services.profiles.copy(
      idOf('contoso'),
      idOf('clinical'),
      {},
      (_copied, done, total) => steps.push(`${done} of ${total}`),
      never,
    );
    assert.deepEqual(
      copied.map(({ type, key, outcome }) => [type, key, outcome]),
      [
        ['CodeSystem', codes, 'created'],
        ['ValueSet', colours, 'created'],
        ['StructureDefinition', clinicPatient, 'created'],
        ['StructureDefinition', strict, 'created'],
      ],
    );
    assert.equal(steps.at(-1), '4 of 4');
    const again = await services.profiles.copy(idOf('contoso'), idOf('clinical'), {}, () => undefined, never);
    assert.ok(again.every(({ outcome }) => outcome === 'alreadyThere'));
  });

  it('tells what a stop left, each as not seen to be written', async () => {
    const { services } = world();
    const stop = new AbortController();
    const stopAtTwo = (_copied: unknown, done: number): void => (done === 2 ? stop.abort() : undefined);
    const copied = await services.profiles.copy(idOf('contoso'), idOf('halfway'), {}, stopAtTwo, stop.signal);
    assert.deepEqual(
      copied.map(({ key, outcome, failure }) => [key, failure?.kind ?? outcome]),
      [
        [codes, 'created'],
        [colours, 'created'],
        [clinicPatient, 'cancelled'],
        [strict, 'cancelled'],
      ],
    );
  });

  it('replaces another content only where that was allowed, and only what was looked at', async () => {
    const { services, sandbox } = world();
    put('clinical', definition('CodeSystem', codes, { content: 'complete', concept: [{ code: 'red' }] }));
    const copy = (overwrite: readonly string[]) =>
      services.profiles.copy(idOf('contoso'), idOf('clinical'), { only: [codes], overwrite }, () => undefined, never);
    const [refused] = await copy([]);
    assert.deepEqual([refused?.outcome, refused?.failure?.kind], ['failed', 'conflict']);
    sandbox.addFault({
      service: 'clinical',
      method: 'PUT',
      path: 'CodeSystem',
      count: 1,
      effect: { kind: 'status', status: 412, body: '{"resourceType":"OperationOutcome"}' },
    });
    const [changed] = await copy([codes]);
    assert.deepEqual([changed?.outcome, changed?.failure?.status], ['failed', 412]);
    assert.deepEqual((await copy([codes]))[0]?.outcome, 'replaced');
    assert.match(sandbox.store('clinical').current('CodeSystem', 'colours')?.json ?? '', /green/);
  });

  it('writes nothing to a service of another FHIR version', async () => {
    const { services } = world();
    for (const copy of [
      services.profiles.copy(idOf('contoso'), idOf('older'), {}, () => undefined, never),
      services.searchParameters.copy(idOf('contoso'), idOf('older'), {}, never),
    ]) {
      const failure = await failureOf(copy);
      assert.deepEqual([failure.kind, /4\.0\.1.*3\.0\.2/.test(failure.message)], ['invalidInput', true]);
    }
  });

  it('stops at a failure that holds for all, and tells each of the others as not written', async () => {
    const { services, sandbox } = world();
    for (const id of ['colours', 'clinic-patient', 'a-strict-patient'])
      for (const type of ['CodeSystem', 'ValueSet', 'StructureDefinition']) sandbox.store('clinical').purge(type, id);
    sandbox.addFault({
      service: 'clinical',
      method: 'PUT',
      path: 'ValueSet',
      count: 1,
      effect: { kind: 'status', status: 403, body: '{"resourceType":"OperationOutcome"}' },
    });
    const copied = await services.profiles.copy(idOf('contoso'), idOf('clinical'), {}, () => undefined, never);
    sandbox.clearFaults();
    assert.deepEqual(
      copied.map(({ type, outcome, failure }) => [type, outcome, failure?.status]),
      [
        ['CodeSystem', 'created', undefined],
        ['ValueSet', 'failed', 403],
        ['StructureDefinition', 'failed', 403],
        ['StructureDefinition', 'failed', 403],
      ],
    );
  });

  it('takes the definitions of a deprecated source from its exported files', async () => {
    const { services, sandbox, fhir } = world();
    const client = fhir('contoso', 'azureApiForFhir');
    const request = { till: sandbox.clock.now(), container: 'kept', history: false, softDeleted: true, parallel: true };
    const { statusUrl } = await startExport(client, request, never);
    await until(
      () => exportStatus(client, statusUrl, never),
      ({ state }) => state === 'completed',
    );
    sandbox.configure('contoso', { deprecated: true });
    const staging = {
      accountName: 'contosostaging',
      blobEndpoint: sandbox.blobEndpoint('contosostaging'),
      container: 'kept',
    };
    const without = await failureOf(
      services.profiles.copy(idOf('contoso'), idOf('clinical'), {}, () => undefined, never),
    );
    assert.deepEqual([without.kind, without.nextStep?.includes('exported files')], ['retired', true]);
    const [source, target] = [idOf('contoso'), idOf('clinical')];
    const compared = await services.compare(source, target, ['searchParameters', 'profiles'], never, staging);
    const { entries, sourceFrom } = aspectOf(compared, 'profiles');
    assert.equal(sourceFrom, 'stagedFiles');
    assert.equal(statesOf(entries)[`Used by the data › ${base}/StructureDefinition/unheard-of`], 'missing');
    assert.equal(aspectOf(compared, 'searchParameters').entries.length, 5);
    const copied = await services.profiles.copy(source, target, { staging }, () => undefined, never);
    assert.deepEqual(
      copied.map(({ outcome }) => outcome),
      ['alreadyThere', 'created', 'created', 'created'],
    );
    const parameters = await services.searchParameters.copy(source, target, { staging }, never);
    assert.deepEqual(new Set(parameters.map(({ outcome }) => outcome)), new Set(['created']));
  });
});
