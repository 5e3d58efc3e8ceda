import assert from 'node:assert/strict';
import { type Aspect, hasFailed } from '../../../src/compare/comparison.ts';
import type { Fault } from '../../sandbox/contract.ts';
import { failureOf } from '../../unit/http/fakeHttp.ts';
import { never } from '../clients/fixture.ts';
import { aspectOf, statesOf, useServices } from './fixture.ts';

const outcome = '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"throttled"}]}';
const json = { 'content-type': 'application/fhir+json' };

describe('Services that answer badly', function () {
  this.timeout(60_000);
  const world = useServices({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir', data: [{ kind: 'customDefinitions' }] },
      { name: 'clinical', flavour: 'ahds' },
      { name: 'older', flavour: 'ahds', place: { workspace: 'older' }, fhirVersion: '3.0.2' },
    ],
  });
  const idOf = (name: string): string => world().sandbox.resourceIdOf(name);
  const compare = (target = 'clinical', aspects?: readonly Aspect[]) =>
    world().services.compare(idOf('contoso'), idOf(target), aspects, never);
  const copy = () => world().services.searchParameters.copy(idOf('contoso'), idOf('clinical'), {}, never);
  const held = (): number =>
    [...world().sandbox.store('clinical').currents('SearchParameter')].filter(({ deleted }) => !deleted).length;
  const withFault = async <T>(
    fault: Omit<Fault, 'service'>,
    work: () => Promise<T>,
    service = 'clinical',
  ): Promise<T> => {
    world().sandbox.addFault({ service, ...fault });
    try {
      return await work();
    } finally {
      world().sandbox.clearFaults();
    }
  };

  for (const [name, effect, words] of [
    ['is 50 MB large', { kind: 'hugeBody', bytes: 50_000_000 }, /larger than the limit of 24 MB/],
    ['is no JSON', { kind: 'status', status: 200, headers: json, body: '{"resourceType":"Capab' }, /not complete JSON/],
    [
      'is a web page',
      { kind: 'status', status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Hi' },
      /web page/,
    ],
    [
      'is another resource',
      { kind: 'status', status: 200, headers: json, body: '{"resourceType":"Patient"}' },
      /resourceType/,
    ],
  ] as const)
    it(`tells a statement that ${name}, and compares everything else`, async () => {
      const comparison = await withFault({ path: '^/metadata', count: 20, effect }, () => compare(), 'contoso');
      const [failed, ...others] = comparison.aspects.filter(hasFailed);
      assert.deepEqual([failed?.aspect, failed?.failure.kind, others], ['capabilities', 'unexpectedAnswer', []]);
      assert.match(failed?.failure.message ?? '', words);
      assert.equal(aspectOf(comparison, 'searchParameters').entries.length, 5);
    });

  it('keeps a script in a statement as the text that it is', async () => {
    const evil = '<script>alert(1)</script>';
    const body = JSON.stringify({
      resourceType: 'CapabilityStatement',
      fhirVersion: '4.0.1',
      rest: [{ resource: [{ type: evil, searchParam: [{ name: evil, type: 'token' }] }], operation: [{ name: evil }] }],
    });
    const effect = { kind: 'status', status: 200, headers: json, body } as const;
    const comparison = await withFault(
      { path: '^/metadata', count: 5, effect },
      () => compare('clinical', ['capabilities']),
      'contoso',
    );
    const { entries, sourceText } = aspectOf(comparison, 'capabilities');
    assert.ok(entries.some(({ path, state }) => path[0] === evil && state === 'missing'));
    assert.equal(
      (JSON.parse(sourceText) as { rest: { operation: { name: string }[] }[] }).rest[0]?.operation[0]?.name,
      evil,
    );
  });

  it('tells another FHIR version', async () => {
    const comparison = await compare('older', ['configuration', 'capabilities']);
    assert.equal(statesOf(aspectOf(comparison, 'capabilities').entries)['statement › fhirVersion'], 'different');
    assert.equal(
      (await failureOf(world().services.searchParameters.copy(idOf('contoso'), idOf('older'), {}, never))).kind,
      'invalidInput',
    );
  });

  it('goes on after a write that is throttled for a moment', async () => {
    const headers = { 'retry-after': '0', 'x-ms-retry-after-ms': '1' };
    const effect = { kind: 'status', status: 429, headers, body: outcome } as const;
    const copied = await withFault({ method: 'PUT', path: 'SearchParameter', skip: 1, count: 1, effect }, copy);
    assert.deepEqual(new Set(copied.map((one) => one.outcome)), new Set(['created']));
    assert.equal(held(), 5);
  });

  it('stops where writing fails half-way, tells each entry, and the next run writes the rest', async () => {
    const { sandbox } = world();
    for (const { id } of [...sandbox.store('clinical').currents('SearchParameter')])
      sandbox.store('clinical').purge('SearchParameter', id);
    const headers = { 'retry-after': '3600' };
    const effect = { kind: 'status', status: 429, headers, body: outcome } as const;
    const copied = await withFault({ method: 'PUT', path: 'SearchParameter', skip: 2, count: 50, effect }, copy);
    const written = copied.filter((one) => one.outcome === 'created').length;
    const failed = copied.filter((one) => one.outcome === 'failed');
    assert.deepEqual([copied.length, written + failed.length, held()], [5, 5, written]);
    assert.ok(failed.length > 0 && failed.every(({ failure }) => failure?.kind === 'throttled'));
    const again = await copy();
    assert.ok(again.every((one) => one.outcome !== 'failed'));
    assert.equal(held(), 5);
  });

  it('takes a write whose answer was lost for what it is', async () => {
    const { sandbox } = world();
    sandbox.store('clinical').purge('SearchParameter', 'patient-eye-colour');
    const lost = { method: 'PUT', path: 'SearchParameter', count: 1, effect: { kind: 'lostReply' } } as const;
    const copied = await withFault(lost, copy);
    assert.ok(copied.every((one) => one.outcome !== 'failed'));
    assert.equal(held(), 5);
  });
});
