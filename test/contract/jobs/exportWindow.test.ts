import assert from 'node:assert/strict';
import { exported, manifestOf, startExport } from './exportCalls.ts';
import { Bench, ticking, tombstone, version } from './fixture.ts';

const since = '2024-02-01T00:00:00.000Z';
const till = '2024-03-01T00:00:00.000Z';

/** The four kinds of line of 1.7: current, current tombstone, older live versions, older tombstones. */
function fillWithKinds(bench: Bench): void {
  bench.put(
    ...[version('live', 1, '2024-02-02'), tombstone('live', 2, '2024-02-03'), version('live', 3, '2024-02-04')],
    ...[version('gone', 1, '2024-02-02'), version('gone', 2, '2024-02-03'), tombstone('gone', 3, '2024-02-04')],
  );
}

const kinds: readonly (readonly [string, readonly string[]])[] = [
  ['', ['live@3']],
  ['_history', ['gone@1', 'gone@2', 'live@1', 'live@3']],
  ['_deleted', ['gone@3 †', 'live@3']],
  ['_history,_deleted', ['gone@1', 'gone@2', 'gone@3 †', 'live@1', 'live@2 †', 'live@3']],
];

const modes = [
  ['gen1', 'azureApiForFhir', 'false'],
  ['gen1 in parallel', 'azureApiForFhir', 'true'],
  ['AHDS', 'ahds', 'true'],
  ['AHDS not in parallel', 'ahds', 'false'],
  ['the open-source server', 'fhirServer', 'true'],
] as const;

describe('$export, what is exported', () => {
  for (const [name, flavour, parallel] of modes) {
    for (const [includeAssociatedData, expected] of kinds) {
      it(`from ${name} with "${includeAssociatedData}" are the right kinds of versions`, async () => {
        const bench = await Bench.open({ flavour });
        fillWithKinds(bench);
        const parameters = { _isParallel: parallel, includeAssociatedData, _since: since, _till: till };
        assert.deepEqual(await exported(bench, parameters), expected);
      });
    }
  }

  it('marks a tombstone by an extension and gives it nothing but id and meta', async () => {
    const bench = await Bench.open();
    bench.put(tombstone('p1', 3, '2026-05-03T08:00:00.123Z'));
    const { output } = await manifestOf(bench, await startExport(bench, '?includeAssociatedData=_deleted'));
    const place = bench.account.locate(output[0]?.url ?? '');
    assert.ok(place);
    assert.equal(
      await bench.account.read(place.container, place.blob),
      '{"resourceType":"Patient","id":"p1","meta":{"versionId":"3","lastUpdated":"2026-05-03T08:00:00.123+00:00","extension":[{"url":"http://azurehealthcareapis.com/data-extensions/deleted-state","valueString":"soft-deleted"}]}}\n',
    );
  });
});

describe('$export, window', () => {
  const edges = [
    version('before', 1, '2024-01-31T23:59:59.999Z'),
    version('first', 1, since),
    version('last', 1, '2024-02-29T23:59:59.999Z'),
    version('bound', 1, till),
    version('after', 1, '2024-03-01T00:00:00.001Z'),
  ];

  for (const [name, flavour, parallel, expected] of [
    ['gen1 includes both bounds', 'azureApiForFhir', 'false', ['bound@1', 'first@1', 'last@1']],
    ['gen1 in parallel includes both bounds', 'azureApiForFhir', 'true', ['bound@1', 'first@1', 'last@1']],
    ['AHDS excludes the upper bound', 'ahds', 'true', ['first@1', 'last@1']],
    ['AHDS not in parallel includes both bounds', 'ahds', 'false', ['bound@1', 'first@1', 'last@1']],
  ] as const) {
    it(name, async () => {
      const bench = await Bench.open({ flavour });
      bench.put(...edges);
      const parameters = { _since: since, _till: till, _isParallel: parallel };
      assert.deepEqual(await exported(bench, parameters), expected);
    });
  }

  it('AHDS gives the version that was current at _till, whatever came later', async () => {
    const bench = await Bench.open();
    bench.put(version('changed', 1, '2024-02-10'), version('changed', 2, '2024-03-10'));
    bench.put(version('deleted', 1, '2024-02-10'), tombstone('deleted', 2, '2024-03-10'));
    assert.deepEqual(await exported(bench, { _since: since, _till: till }), ['changed@1', 'deleted@1']);
  });

  it('AHDS leaves out what was deleted at _till already', async () => {
    const bench = await Bench.open();
    bench.put(version('p', 1, '2024-02-10'), tombstone('p', 2, '2024-02-11'), version('p', 3, '2024-03-10'));
    assert.deepEqual(await exported(bench, { _since: since, _till: till }), []);
    assert.deepEqual(await exported(bench, { _since: since, _till: till, includeAssociatedData: '_deleted' }), [
      'p@2 †',
    ]);
  });

  it('gen1 gives the version that is current now, and none of what changed after _till', async () => {
    const bench = await Bench.open({ flavour: 'azureApiForFhir' });
    bench.put(version('changed', 1, '2024-02-10'), version('changed', 2, '2024-03-10'));
    bench.put(version('same', 1, '2024-02-10'));
    assert.deepEqual(await exported(bench, { _since: since, _till: till }), ['same@1']);
  });

  it('gen1 gives every version of the window with history', async () => {
    const bench = await Bench.open({ flavour: 'azureApiForFhir' });
    bench.put(version('changed', 1, '2024-02-10'), version('changed', 2, '2024-03-10'));
    const parameters = { _since: since, _till: till, includeAssociatedData: '_history' };
    assert.deepEqual(await exported(bench, parameters), ['changed@1']);
  });

  it('gen1 looks at what is current while the job runs, not when it is accepted', async () => {
    const bench = await Bench.open({ flavour: 'azureApiForFhir', exportTiming: { pickUpMs: 60_000 } });
    bench.put(version('p', 1, '2024-02-10'), version('q', 1, '2024-02-10'));
    const status = await startExport(bench, `?_container=${bench.container}&_since=${since}&_till=${till}`);
    bench.put(version('p', 2, '2026-05-04'));
    bench.clock.advance(60_000);
    const { output } = await manifestOf(bench, status);
    assert.deepEqual(
      output.map(({ count }) => count),
      [1],
    );
  });

  it('gen1 loses a resource that changes before its page comes up', async () => {
    const bench = await Bench.open({ flavour: 'azureApiForFhir', exportTiming: { resourcesPerSecond: 1 } });
    bench.put(version('p1', 1, '2024-02-10'), version('p2', 1, '2024-02-11'), version('p3', 1, '2024-02-12'));
    const status = await startExport(bench, `?_maxCount=1&_since=${since}&_till=${till}`);
    bench.put(version('p3', 2, '2026-05-04'));
    const { output } = await ticking(bench, 1_000, () => manifestOf(bench, status));
    assert.deepEqual(
      output.map(({ count }) => count),
      [1, 1],
    );
  });

  it('ends at the creation of the job without _till', async () => {
    const bench = await Bench.open({ flavour: 'azureApiForFhir', exportTiming: { pickUpMs: 60_000 } });
    bench.put(version('then', 1, '2026-05-04T10:00:00.000Z'));
    const status = await startExport(bench);
    bench.put(version('later', 1, '2026-05-04T10:00:00.001Z'));
    bench.clock.advance(60_000);
    const { output } = await manifestOf(bench, status);
    assert.deepEqual(
      output.map(({ count }) => count),
      [1],
    );
  });

  it('cuts partial dates at their ends', async () => {
    const bench = await Bench.open({ flavour: 'azureApiForFhir' });
    bench.put(...edges);
    assert.deepEqual(await exported(bench, { _since: '2024-02', _till: '2024-02' }), ['first@1', 'last@1']);
  });

  it('of neighbours share the bound on gen1 and nothing on AHDS', async () => {
    for (const [flavour, expected] of [
      ['azureApiForFhir', ['after@1', 'bound@1', 'bound@1', 'first@1', 'last@1']],
      ['ahds', ['after@1', 'bound@1', 'first@1', 'last@1']],
    ] as const) {
      const bench = await Bench.open({ flavour });
      bench.put(...edges);
      const both = [
        await exported(bench, { _since: since, _till: till }),
        await exported(bench, { _since: till, _till: '2024-04-01' }),
      ];
      assert.deepEqual(both.flat().sort(), expected);
    }
  });
});
