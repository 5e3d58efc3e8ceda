import assert from 'node:assert/strict';
import type { Fault, FhirServiceSpec, JobFault } from '../../sandbox/contract.ts';
import { demoSource, demoTarget } from '../../demo/world.ts';
import { assertComplete, migrated, openFastWorld } from './world.ts';

const jobsOf = (world: Awaited<ReturnType<typeof openFastWorld>>, service: string, operation: string): number =>
  world.sandbox.jobs(service).filter((job) => job.operation === operation).length;

describe('a migration between real services', function () {
  this.timeout(120_000);

  it('moves everything, search parameters included, from an Azure API for FHIR', async () => {
    await using world = await openFastWorld();
    assertComplete(world, await migrated(world));
  });

  it('moves everything from a retired one, which answers only exports', async () => {
    await using world = await openFastWorld({ deprecated: true });
    const overview = await migrated(world);
    assertComplete(world, overview);
    assert.ok(overview.blind);
    const counters = world.sandbox.counters(demoSource);
    assert.equal(counters['DELETE export'] ?? 0, 0);
  });

  it('moves history and deleted resources between two AHDS services', async () => {
    await using world = await openFastWorld({ flavour: 'ahds' });
    const source = { ...world.plan().source, kind: 'ahds' as const };
    const overview = await migrated(world, { source, scope: { history: true, softDeleted: true } });
    assertComplete(world, overview);
    const [from, to] = [world.sandbox.store(demoSource), world.sandbox.store(demoTarget)];
    for (const type of from.types().filter((name) => name !== 'SearchParameter')) {
      for (const { id } of from.currents(type)) {
        assert.deepEqual(
          to.versions(type, id).map(({ versionId }) => versionId),
          from.versions(type, id).map(({ versionId }) => versionId),
          type,
        );
      }
    }
  });

  it('moves only the chosen types', async () => {
    await using world = await openFastWorld();
    const overview = await migrated(world, { scope: { resourceTypes: ['Patient'] } });
    assert.equal(overview.phase, 'complete', JSON.stringify(overview.attention));
    assert.deepEqual(Object.keys(overview.totals), ['Patient']);
    assert.deepEqual(
      world.sandbox
        .store(demoTarget)
        .types()
        .filter((type) => type !== 'SearchParameter'),
      ['Patient'],
    );
  });

  const passing: readonly (readonly [string, Omit<Fault, 'service'>, 'source' | 'target'])[] = [
    ['the reply to an export is lost', { path: '/\\$export', count: 1, effect: { kind: 'lostReply' } }, 'source'],
    ['the reply to an import is lost', { path: '/\\$import', count: 2, effect: { kind: 'lostReply' } }, 'target'],
    [
      'the source throttles',
      { path: '.', count: 15, effect: { kind: 'status', status: 429, headers: { 'Retry-After': '0' } } },
      'source',
    ],
    [
      'the target is unavailable for a while',
      { path: '_operations', count: 8, effect: { kind: 'status', status: 503 } },
      'target',
    ],
    ['status answers break off', { path: '_operations', count: 3, effect: { kind: 'truncate' } }, 'source'],
    ['connections drop', { path: '_operations', count: 3, effect: { kind: 'drop' } }, 'target'],
    ['counts fail', { path: '_summary=count', count: 12, effect: { kind: 'status', status: 500 } }, 'source'],
  ];
  for (const [name, fault, side] of passing) {
    it(`loses and doubles nothing when ${name}`, async () => {
      await using world = await openFastWorld();
      world.sandbox.addFault({ ...fault, service: side === 'source' ? demoSource : demoTarget });
      assertComplete(world, await migrated(world));
    });
  }

  it('registers no import twice when replies are lost', async () => {
    await using world = await openFastWorld();
    await using other = await openFastWorld();
    world.sandbox.addFault({ service: demoTarget, path: '/\\$import', count: 2, effect: { kind: 'lostReply' } });
    assertComplete(world, await migrated(world, { limits: { windowDays: 3_660 } }));
    assertComplete(other, await migrated(other, { limits: { windowDays: 3_660 } }));
    assert.equal(jobsOf(world, demoTarget, 'import'), jobsOf(other, demoTarget, 'import'));
  });

  const jobFaults: readonly (readonly [string, Omit<JobFault, 'service'>])[] = [
    [
      'an export fails',
      { operation: 'export', count: 1, effect: { kind: 'fail', status: 500, reason: 'Unknown Error.' } },
    ],
    [
      'an export is too large',
      {
        operation: 'export',
        count: 1,
        effect: {
          kind: 'fail',
          status: 413,
          reason:
            'Timespan in export request contains too much data to export in a single request. Please try reducing the time range and try again.',
        },
      },
    ],
    ['an export is forgotten', { operation: 'export', count: 1, effect: { kind: 'forget' } }],
    ['a file is in a manifest twice', { operation: 'export', count: 1, effect: { kind: 'duplicateFile' } }],
    [
      'an import fails',
      { operation: 'import', count: 1, effect: { kind: 'fail', status: 500, reason: 'Unknown Error.' } },
    ],
    ['an import is forgotten', { operation: 'import', count: 1, effect: { kind: 'forget' } }],
    ['an import loses lines', { operation: 'import', count: 1, effect: { kind: 'loseLines', every: 3 } }],
  ];
  for (const [name, fault] of jobFaults) {
    it(`goes on when ${name}`, async () => {
      await using world = await openFastWorld();
      world.sandbox.addJobFault({ ...fault, service: fault.operation === 'export' ? demoSource : demoTarget });
      assertComplete(world, await migrated(world));
    });
  }

  const refused: readonly (readonly [
    string,
    Partial<FhirServiceSpec>,
    Omit<JobFault, 'service'> | undefined,
    RegExp,
  ])[] = [
    [
      'lines are refused',
      {},
      { operation: 'import', count: 100, effect: { kind: 'refuseLines', every: 2, text: 'Resource type not match.' } },
      /./,
    ],
    [
      'a manifest names another host',
      {},
      { operation: 'export', count: 100, effect: { kind: 'foreignUrl', url: 'https://127.0.0.1:9/x/y.ndjson' } },
      /127\.0\.0\.1:9|staging account/,
    ],
    ['the target is locked for initial import', { initialImportMode: true, importEnabled: false }, undefined, /./],
  ];
  for (const [name, target, fault, words] of refused) {
    it(`never calls itself complete when ${name}`, async () => {
      await using world = await openFastWorld({}, target);
      if (fault !== undefined) {
        world.sandbox.addJobFault({ ...fault, service: fault.operation === 'export' ? demoSource : demoTarget });
      }
      const overview = await migrated(world, { options: { attempts: 2 } });
      assert.equal(overview.phase, 'needsAttention');
      const [item] = overview.attention;
      assert.ok(item !== undefined);
      assert.match(`${item.failure.message} ${item.failure.diagnostics?.join(' ') ?? ''}`, words);
      assert.ok(item.failure.nextStep !== undefined || item.actions.length > 0);
    });
  }
});
