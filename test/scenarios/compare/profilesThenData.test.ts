import assert from 'node:assert/strict';
import { readPlan } from '../../../src/services/planReading.ts';
import { never } from '../clients/fixture.ts';
import { useServices } from './fixture.ts';

describe('Profiles written before the data', function () {
  this.timeout(60_000);
  const world = useServices({
    services: [
      {
        name: 'contoso',
        flavour: 'azureApiForFhir',
        data: [{ kind: 'customDefinitions' }, { kind: 'patients', count: 3, years: 1 }],
        exportTiming: { settleMs: 50 },
      },
      { name: 'clinical', flavour: 'ahds' },
    ],
    clockFactor: 100,
  });

  it('do not stand in the way of the migration that brings them, too, and verify as equal', async () => {
    const { services, sandbox } = world();
    const [source, target] = [sandbox.resourceIdOf('contoso'), sandbox.resourceIdOf('clinical')];
    const copied = await services.profiles.copy(source, target, {}, () => undefined, never);
    assert.deepEqual(
      copied.map(({ outcome }) => outcome),
      ['created'],
    );
    const service = (name: string, kind: string) => ({
      kind,
      name,
      endpoint: sandbox.endpointOf(name),
      tenantId: sandbox.tenantId,
      resourceId: sandbox.resourceIdOf(name),
    });
    const { plan } = readPlan(
      JSON.stringify({
        version: 1,
        name: 'night',
        source: service('contoso', 'azureApiForFhir'),
        target: service('clinical', 'ahds'),
        staging: { accountName: 'contosostaging', blobEndpoint: sandbox.blobEndpoint('contosostaging') },
      }),
    );
    assert.ok(plan !== undefined);
    const migration = await services.startMigration(plan);
    const { phase, attention, totals } = await migration.stopped();
    assert.deepEqual([phase, attention], ['complete', []]);
    assert.equal(totals.StructureDefinition?.failed, 0);
    const verified = await services.verify(
      { depth: 'content', source: plan.source, target: plan.target, migration: migration.id },
      never,
    );
    assert.deepEqual([verified.outcome, verified.differences], ['equal', []]);
    migration.dispose();
  });
});
