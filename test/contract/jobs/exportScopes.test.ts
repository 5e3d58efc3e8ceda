import assert from 'node:assert/strict';
import { exportHeaders, linesOf, manifestOf, settled, startExport } from './exportCalls.ts';
import { Bench, diagnosticsOf, version } from './fixture.ts';

const subject = (id: string): object => ({
  resourceType: 'Observation',
  subject: { reference: `Patient/${id}` },
});
const member = (reference: string): object => ({ entity: { reference } });

function fill(bench: Bench): void {
  bench.put(
    ...['a', 'b', 'c'].map((id) => version(id, 1, '2024-01-01')),
    ...['a', 'b', 'nobody'].map((id) => version(`of-${id}`, 1, '2024-01-01', subject(id))),
    version('place', 1, '2024-01-01', { resourceType: 'Location' }),
    version('g1', 1, '2024-01-01', { resourceType: 'Group', member: [member('Patient/a'), member('Group/g2')] }),
    version('g2', 1, '2024-01-01', { resourceType: 'Group', member: [member('Patient/c'), member('Group/g1')] }),
    version('empty', 1, '2024-01-01', { resourceType: 'Group' }),
  );
}

async function idsOf(bench: Bench, route: string, query = ''): Promise<readonly string[]> {
  const { output } = await manifestOf(bench, await startExport(bench, query, route));
  const files = await Promise.all(output.map(({ url }) => linesOf(bench, url)));
  return files.flatMap((lines) => lines.map((line) => (JSON.parse(line) as { id: string }).id)).sort();
}

describe('$export of patients and groups', () => {
  it('takes all patients and what refers to them', async () => {
    const bench = await Bench.open();
    fill(bench);
    assert.deepEqual(await idsOf(bench, '/Patient/$export'), ['a', 'b', 'c', 'g1', 'g2', 'of-a', 'of-b']);
  });

  it('takes types of the compartment alone with _type', async () => {
    const bench = await Bench.open();
    fill(bench);
    assert.deepEqual(await idsOf(bench, '/Patient/$export', '?_type=Observation'), ['of-a', 'of-b']);
  });

  it('takes the members of a group and of the groups in it', async () => {
    const bench = await Bench.open();
    fill(bench);
    assert.deepEqual(await idsOf(bench, '/Group/g1/$export'), ['a', 'c', 'g1', 'g2', 'of-a']);
    assert.deepEqual(await idsOf(bench, '/Group/g1/$export', '?_type=Patient'), ['a', 'c']);
  });

  it('has an empty output for a group without members', async () => {
    const bench = await Bench.open();
    fill(bench);
    assert.deepEqual(await idsOf(bench, '/Group/empty/$export'), []);
  });

  it('fails for a group that does not exist', async () => {
    const bench = await Bench.open();
    const answer = await settled(bench, await startExport(bench, '', '/Group/none/$export'));
    assert.equal(answer.status, 400);
    assert.match(diagnosticsOf(answer), /'Group' with id 'none' couldn't be found/);
  });
});

describe('$export with _typeFilter', () => {
  const filter = (text: string): string => `&_typeFilter=${encodeURIComponent(text)}`;
  const people = [
    version('f1', 1, '2024-01-01', { gender: 'female', birthDate: '1980-01-01' }),
    version('f2', 1, '2024-01-01', { gender: 'female', birthDate: '2010-01-01' }),
    version('m1', 1, '2024-01-01', { gender: 'male', birthDate: '1980-01-01' }),
    version('o1', 1, '2024-01-01', { resourceType: 'Observation' }),
  ];

  it('filters the type that it names and exports other types whole', async () => {
    const bench = await Bench.open();
    bench.put(...people);
    const query = `?_type=Patient,Observation${filter('Patient?gender=female&birthdate=lt2000')}`;
    assert.deepEqual(await idsOf(bench, '/$export', query), ['f1', 'o1']);
  });

  it('takes the filters of one type together', async () => {
    const bench = await Bench.open();
    bench.put(...people);
    const query = `?_type=Patient${filter('Patient?gender=male,Patient?birthdate=ge2000')}`;
    assert.deepEqual(await idsOf(bench, '/$export', query), ['f2', 'm1']);
  });

  it('leaves the parallel path: the upper bound is inclusive', async () => {
    const bench = await Bench.open();
    bench.put(...people);
    const query = `?_type=Patient&_till=2024-01-01T00:00:00.000Z${filter('Patient?gender=male')}`;
    assert.deepEqual(await idsOf(bench, '/$export', query), ['m1']);
  });

  it('refuses unknown parameters by name, but not with handling=lenient', async () => {
    const bench = await Bench.open();
    const path = `/$export?_type=Patient${filter('Patient?colour=red')}`;
    const refused = await bench.call('GET', path, { headers: exportHeaders });
    assert.equal(refused.status, 400);
    assert.equal(diagnosticsOf(refused), '1 invalid search parameter(s) found:\n[type: Patient, parameter: colour]\n');
    const headers = { ...exportHeaders, prefer: 'respond-async, handling=lenient' };
    assert.equal((await bench.call('GET', path, { headers })).status, 202);
  });
});

describe('$export, anonymized', () => {
  const query = (bench: Bench, more = ''): string =>
    `?_container=${bench.container}&_anonymizationConfig=${bench.container}.json${more}`;

  /** Makes the configuration and returns its ETag, in quotes. */
  const configure = (bench: Bench, text = '{}'): Promise<string> =>
    bench.account.write('anonymization', `${bench.container}.json`, text);

  it('marks its lines as redacted', async () => {
    const bench = await Bench.open();
    bench.put(version('p', 1, '2024-01-01', { name: [{ family: 'Secret' }] }));
    await configure(bench);
    const { output } = await manifestOf(bench, await startExport(bench, query(bench)));
    const [line = ''] = await linesOf(bench, output[0]?.url ?? '');
    assert.match(line, /"security":\[\{[^\]]*"code":"REDACTED"/);
    assert.ok(!line.includes('Secret'));
  });

  it('takes an ETag in quotes and bare', async () => {
    const bench = await Bench.open();
    const etag = await configure(bench);
    for (const given of [etag, etag.replaceAll('"', '')]) {
      const path = query(bench, `&_anonymizationConfigEtag=${encodeURIComponent(given)}`);
      assert.equal((await settled(bench, await startExport(bench, path))).status, 200);
    }
  });

  for (const [name, text, more, reason] of [
    ['a configuration that is no JSON', '{', '', /Failed to parse configuration file/],
    ['a configuration that is missing', undefined, '', /Anonymization configuration '\S+' not found\./],
    ['another ETag', '{}', '&_anonymizationConfigEtag=0x0', /condition specified using HTTP conditional header/],
    ['a configuration over 1 MB', `"${'x'.repeat(1_000_001)}"`, '', /too large > 1MB/],
  ] as const) {
    it(`fails with 400 for ${name}`, async () => {
      const bench = await Bench.open();
      await bench.account.createContainer('anonymization');
      if (text !== undefined) await configure(bench, text);
      const answer = await settled(bench, await startExport(bench, query(bench, more)));
      assert.equal(answer.status, 400);
      assert.match(diagnosticsOf(answer), reason);
    });
  }

  it('fails with 400 without the container for configurations', async () => {
    const bench = await Bench.open({ exportAccount: 'other' });
    const answer = await settled(bench, await startExport(bench, query(bench)));
    assert.equal(answer.status, 400);
    assert.match(diagnosticsOf(answer), /Anonymization container not found on the destination storage\./);
  });
});
