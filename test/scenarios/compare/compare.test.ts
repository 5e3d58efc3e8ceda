import assert from 'node:assert/strict';
import { hasFailed, isDrift } from '../../../src/compare/comparison.ts';
import { never } from '../clients/fixture.ts';
import { aspectOf, statesOf, useServices } from './fixture.ts';

describe('Two services compared', function () {
  this.timeout(60_000);
  const world = useServices({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir', data: [{ kind: 'customDefinitions' }] },
      { name: 'clinical', flavour: 'ahds', place: { workspace: 'contoso-health' } },
      { name: 'twin', flavour: 'ahds', place: { workspace: 'contoso-health' } },
      { name: 'open', flavour: 'fhirServer' },
      { name: 'retired', flavour: 'azureApiForFhir', deprecated: true },
    ],
  });
  const idOf = (name: string): string => world().sandbox.resourceIdOf(name);
  const requests = (): number =>
    Object.entries(world().sandbox.counters()).reduce(
      (sum, [kind, count]) => sum + (/^(token|login)/.test(kind) ? 0 : count),
      0,
    );

  it('tells every aspect in at most 12 requests', async () => {
    const { services, sandbox } = world();
    sandbox.resetCounters();
    const comparison = await services.compare(idOf('contoso'), idOf('clinical'), undefined, never);
    assert.deepEqual(
      comparison.aspects.map(({ aspect }) => aspect),
      ['configuration', 'capabilities', 'searchParameters', 'profiles', 'roles', 'diagnostics'],
    );
    assert.ok(requests() > 6 && requests() <= 12, JSON.stringify(sandbox.counters()));
    const configuration = statesOf(aspectOf(comparison, 'configuration').entries);
    assert.equal(configuration['Authentication: audience'], 'adapted');
    assert.equal(configuration['Authentication: authority'], 'copied');
    assert.equal(configuration['Provisioned throughput (RU/s)'], 'notPossible');
    assert.equal(configuration['Storage account for export'], 'copied');
    const parameters = aspectOf(comparison, 'searchParameters');
    assert.equal(parameters.entries.length, 5);
    assert.ok(parameters.entries.every(({ state }) => state === 'missing'));
    assert.deepEqual(statesOf(aspectOf(comparison, 'profiles').entries), {
      'StructureDefinition › https://example.org/fhir/StructureDefinition/clinic-patient': 'missing',
    });
    assert.ok(aspectOf(comparison, 'capabilities').entries.some(isDrift));
  });

  it('finds two equal services equal, and lays out the same text for both', async () => {
    const comparison = await world().services.compare(idOf('clinical'), idOf('twin'), undefined, never);
    for (const { aspect } of comparison.aspects) {
      const { entries, sourceText, targetText } = aspectOf(comparison, aspect);
      assert.deepEqual(entries.filter(isDrift), [], aspect);
      assert.equal(sourceText, targetText, aspect);
    }
  });

  it('sees a diagnostic setting, a role and a lock that only one has', async () => {
    const { services, arm, sandbox } = world();
    const setting = `${idOf('clinical')}/providers/Microsoft.Insights/diagnosticSettings/audit`;
    const workspaceId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/logs';
    const properties = { workspaceId, logs: [{ category: 'AuditLogs', enabled: true }] };
    assert.equal(await arm('PUT', setting, '2021-05-01-preview', { properties }), 201);
    const lock = `${idOf('twin')}/providers/Microsoft.Authorization/locks/keep`;
    assert.equal(await arm('PUT', lock, '2020-05-01', { properties: { level: 'CanNotDelete' } }), 201);
    const { objectId } = sandbox.addPrincipal([{ role: 'FHIR Data Reader', at: 'clinical' }]);
    const compared = await services.compare(idOf('clinical'), idOf('twin'), ['roles', 'diagnostics'], never);
    assert.deepEqual(statesOf(aspectOf(compared, 'diagnostics').entries), {
      'Diagnostic setting › audit': 'missing',
      'Lock › keep': 'byDesign',
    });
    const missing = aspectOf(compared, 'roles').entries.filter(isDrift);
    assert.deepEqual(statesOf(missing), { [`FHIR Data Reader › ServicePrincipal ${objectId}`]: 'missing' });
    for (const path of [setting, lock]) await arm('DELETE', path, path === lock ? '2020-05-01' : '2021-05-01-preview');
  });

  it('compares servers by address without asking Azure, and says so when settings are wanted', async () => {
    const { services, sandbox } = world();
    sandbox.resetCounters();
    const all = await services.compare(sandbox.endpointOf('open'), idOf('clinical'), undefined, never);
    assert.deepEqual(
      all.aspects.map((result) => [result.aspect, hasFailed(result)]),
      [
        ['capabilities', false],
        ['searchParameters', false],
        ['profiles', false],
      ],
    );
    const asked = await services.compare(sandbox.endpointOf('open'), idOf('clinical'), ['configuration'], never);
    const [result] = asked.aspects;
    assert.ok(result !== undefined && hasFailed(result) && result.failure.kind === 'invalidInput');
  });

  it('compares what a retired source still tells, and names what it refuses', async () => {
    const comparison = await world().services.compare(idOf('retired'), idOf('clinical'), undefined, never);
    const failed = comparison.aspects.filter(hasFailed);
    assert.deepEqual(
      failed.map(({ aspect, failure }) => [aspect, failure.kind]),
      [
        ['searchParameters', 'retired'],
        ['profiles', 'retired'],
      ],
    );
    assert.ok(aspectOf(comparison, 'configuration').entries.length > 0);
    assert.ok(aspectOf(comparison, 'capabilities').entries.length > 0);
  });

  it('refuses to compare a service with itself', async () => {
    const { services, sandbox } = world();
    await assert.rejects(
      services.compare(idOf('clinical'), sandbox.endpointOf('clinical'), undefined, never),
      /same service/,
    );
  });
});
