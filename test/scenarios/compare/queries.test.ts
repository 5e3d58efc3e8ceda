import assert from 'node:assert/strict';
import { parseQueries } from '../../../src/compare/queries/parseQueries.ts';
import { failureOf } from '../../unit/http/fakeHttp.ts';
import { never } from '../clients/fixture.ts';
import { useServices } from './fixture.ts';

const patients = { kind: 'patients', count: 12, years: 2 } as const;

describe('Searches run on both services', function () {
  this.timeout(60_000);
  const world = useServices({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir', data: [patients, { kind: 'customDefinitions' }] },
      { name: 'clinical', flavour: 'ahds' },
    ],
  });
  before(() => {
    const [from, to] = [world().sandbox.store('contoso'), world().sandbox.store('clinical')];
    for (const type of from.types())
      if (type !== 'SearchParameter') for (const version of from.everyVersion(type)) to.put(version);
  });
  const run = (text: string) => {
    const { services, sandbox } = world();
    const [source, target] = [sandbox.resourceIdOf('contoso'), sandbox.resourceIdOf('clinical')];
    return services.compareQueries(source, target, parseQueries(text).queries, () => undefined, never);
  };

  it('give the same for the same data: totals, order, pages and includes', async () => {
    const compared = await run(
      [
        'Patient?_summary=count',
        'Patient?_sort=_lastUpdated',
        'Patient?_sort=-_lastUpdated&_count=5',
        'Observation?_include=Observation:subject&_sort=_lastUpdated&_count=20',
        'Encounter?date=ge2025-01-01&_sort=_lastUpdated',
        '?_type=Patient,Encounter',
      ].join('\n'),
    );
    assert.deepEqual(
      compared.filter(({ equal }) => !equal),
      [],
    );
    assert.equal(compared[0]?.source.total, 12);
    assert.ok((compared[1]?.compared ?? 0) >= 12);
    assert.equal(compared[2]?.compared, 5);
  });

  it('tell a parameter that only one knows, a resource that is gone and one that changed', async () => {
    const { sandbox } = world();
    const store = sandbox.store('clinical');
    const [gone, changed] = [...store.currents('Patient')].filter(({ deleted }) => !deleted);
    assert.ok(gone !== undefined && changed !== undefined);
    store.purge('Patient', gone.id);
    const versionId = String(Number(changed.versionId) + 1);
    store.put({ ...changed, versionId, json: changed.json.replace('"active":true', '"active":false') });
    const [unknown, all] = await run('Patient?eye-colour:missing=false\nPatient?_sort=_lastUpdated');
    assert.ok(unknown?.differences.some(({ kind, target }) => kind === 'ignored' && target.includes('eye-colour')));
    assert.deepEqual(
      all?.differences.map(({ kind }) => kind),
      ['total', 'matches', 'content'],
    );
    assert.match(all.differences[1]?.source ?? '', new RegExp(`Patient/${gone.id}`));
    assert.equal(all.differences[2]?.target, 'differs in active');
  });

  it('end with the reason when a service cannot be searched at all', async () => {
    world().sandbox.configure('contoso', { deprecated: true });
    assert.equal((await failureOf(run('Patient'))).kind, 'retired');
  });
});
