import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../../src/http/log.ts';
import { readPlan } from '../../../src/services/planReading.ts';
import { createServices } from '../../../src/services/services.ts';
import type { FhirServiceSpec } from '../../sandbox/contract.ts';
import { run } from '../../unit/cli/runCommand.ts';
import { useClients } from '../clients/fixture.ts';
import { clockOf } from '../migration/world.ts';

const services: readonly FhirServiceSpec[] = [
  {
    name: 'contoso',
    flavour: 'azureApiForFhir',
    data: [{ kind: 'patients', count: 12, years: 3 }],
    exportTiming: { settleMs: 100 },
  },
  { name: 'clinical', flavour: 'ahds' },
  { name: 'scratch', flavour: 'ahds' },
];

describe('Planning and rehearsing between services of a sandbox', function () {
  this.timeout(90_000);
  const clients = useClients({ services, clockFactor: 20 });
  let folder = '';
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'rehearse-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  const open = () => {
    const { cloud, tokens, sandbox } = clients();
    const clock = clockOf(sandbox);
    const log = { ...silentLog, error: () => undefined };
    return createServices({ cloud, tokens, journalFolder: join(folder, 'journals'), log, clock, userAgent: 'tests' });
  };
  const planned = async (file: string) => {
    const { plan, problems } = readPlan(await readFile(file, 'utf8'));
    assert.ok(plan, JSON.stringify(problems));
    return plan;
  };

  it('writes a plan that says what it takes, rehearses a slice elsewhere, and predicts by its rates', async () => {
    const { sandbox } = clients();
    const all = open();
    const file = join(folder, 'night.fhirmigration.json');
    const id = (name: string) => sandbox.resourceIdOf(name);
    try {
      const prices = ['--currency', 'EUR', '--import-price', '2.5', '--throughput-price', '0.008'];
      const places = ['--source', id('contoso'), '--target', id('clinical'), '--out', file];
      const writing = await run(all, ['plan', ...places, '--history', ...prices]);
      assert.equal(writing.code, 0);
      assert.match(writing.out, /lift and shift +with +yes/);
      assert.match(writing.out, /Nothing was measured yet/);
      const first = await planned(file);
      assert.deepEqual(first.prices, { currency: 'EUR', throughputHour: 0.008, importedMillion: 2.5 });
      const [chosen] = first.predictions?.variants ?? [];
      assert.deepEqual([chosen?.history, chosen?.parallel], [true, true]);
      assert.match(chosen?.cost ?? '', /EUR$/);
      assert.match(chosen?.requestUnits ?? '', /likely/);
      const before = sandbox.store('contoso').size;

      const rehearsal = await run(all, ['rehearse', '--plan', file, '--resources', '300', '--target', id('scratch')]);
      assert.equal(rehearsal.code, 0, rehearsal.out);
      const moved = sandbox.store('scratch').size.versions;
      assert.ok(moved >= 250 && moved <= 400, `${moved} versions in the slice`);
      assert.equal(sandbox.store('clinical').size.versions, 0);
      assert.deepEqual(sandbox.store('contoso').size, before, 'nothing is written to the source');
      const second = await planned(file);
      assert.equal(second.rehearsals?.length, 1);
      const [record] = second.rehearsals;
      assert.equal(record?.target, sandbox.endpointOf('scratch'));
      assert.equal(record.resources, moved);
      assert.match(record.result, /^Complete; exports of .* resources per second\.$/);
      assert.match(second.predictions?.basis.join(' ') ?? '', /Rates are those of \d+ exports and \d+ imports/);
      assert.deepEqual(second.scope, first.scope, 'the plan itself stays as it was');

      const again = await run(all, ['predict', '--plan', file, '--no-keep', '--json']);
      assert.ok(again.records.some(({ event }) => event === 'prediction'));
    } finally {
      await all.dispose();
    }
  });

  it('counts what a plan leaves out', async () => {
    const { sandbox } = clients();
    const all = open();
    const file = join(folder, 'patients.fhirmigration.json');
    const places = ['--source', sandbox.resourceIdOf('contoso'), '--target', sandbox.resourceIdOf('clinical')];
    await run(all, ['plan', ...places, '--types', 'Patient', '--out', file]);
    const { predictions } = await planned(file);
    const store = sandbox.store('contoso');
    const others = store
      .types()
      .filter((type) => type !== 'Patient')
      .flatMap((type) => [...store.currents(type)].filter(({ deleted }) => !deleted)).length;
    assert.ok(
      predictions?.leftOut.some(
        (line) => line.startsWith('Resource types') && line.endsWith(others.toLocaleString('en')),
      ),
      JSON.stringify(predictions?.leftOut),
    );
    await all.dispose();
  });

  it('refuses a slice without a measure, and one by resources of a source that cannot be counted', async () => {
    const { sandbox } = clients();
    const all = open();
    const file = join(folder, 'night.fhirmigration.json');
    await assert.rejects(run(all, ['rehearse', '--plan', file]), /--days or with --resources/);
    sandbox.addFault({
      service: 'contoso',
      path: '_history|_summary',
      count: 50,
      effect: { kind: 'status', status: 500 },
    });
    await assert.rejects(
      run(all, ['rehearse', '--plan', file, '--resources', '10']),
      /Rehearse a number of days|cannot be/,
    );
    sandbox.clearFaults();
    await all.dispose();
  });
});
