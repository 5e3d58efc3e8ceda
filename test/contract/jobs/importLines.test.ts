import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unitLines, unitOffsets } from '../../sandbox/jobs/import/unitLines.ts';
import { Bench, ticking, until } from './fixture.ts';
import { errorTexts, imported, importManifest, patient, startImport, upload } from './importCalls.ts';

const idRequirements =
  "Id must be any combination of upper or lower case ASCII letters ('A'..'Z', and 'a'..'z'), numerals ('0'..'9'), '-' and '.', with a length limit of 64 characters. (This might be an integer, an un-prefixed OID, UUID, or any other identifier pattern that meets these constraints.)";

const texts: readonly (readonly [string, object | string, string | RegExp])[] = [
  ['a resource of another type than the input', { resourceType: 'Observation', id: 'o1' }, 'Resource type not match.'],
  ['an empty id', patient(''), `Invalid resource id: ''. ${idRequirements}`],
  ['an id with other characters', patient('a/b'), `Invalid resource id: 'a/b'. ${idRequirements}`],
  ['an id of 65 characters', patient('x'.repeat(65)), `Invalid resource id: '${'x'.repeat(65)}'. ${idRequirements}`],
  ['no id', { resourceType: 'Patient' }, `Invalid resource id: 'null or empty'. ${idRequirements}`],
  [
    'a date more than 10 s ahead',
    patient('p', { lastUpdated: '2026-05-04T10:00:10.001Z' }),
    'LastUpdated in the resource cannot be in the future.',
  ],
  ['malformed JSON', '{"resourceType":"Patient"', /^Error occurred when parsing model: /],
  ['an unknown type', { resourceType: 'Nonsense', id: 'n' }, /Cannot locate type information for type 'Nonsense'/],
  ['JSON that is no resource', '[1]', /^Error occurred when parsing model: /],
  ['a date that is no instant', patient('p', { lastUpdated: '2020' }), /cannot be parsed as an instant/],
];

describe('$import, lines that are refused', () => {
  for (const [name, line, text] of texts) {
    it(name, async () => {
      const bench = await Bench.open();
      const url = await upload(bench, [patient('good'), line]);
      const status = await startImport(bench, [{ url, type: 'Patient' }]);
      const { output, error } = await importManifest(bench, status);
      assert.deepEqual([output[0]?.count, error[0]?.count], [1, 1]);
      const [told = ''] = await errorTexts(bench, error[0]?.url ?? '');
      if (typeof text === 'string') assert.equal(told, text);
      else assert.match(told, text);
    });
  }

  it('a SearchParameter in a file of mixed types', async () => {
    const bench = await Bench.open();
    const { errors, loaded } = await imported(bench, [{ resourceType: 'SearchParameter', id: 's' }, patient('p')]);
    assert.deepEqual(errors, ['SearchParameter resources cannot be processed by import.']);
    assert.equal(loaded, 1);
  });

  it('are told of with the text of the rule, the line and the offset of the work unit, without the resource', async () => {
    const bench = await Bench.open();
    const conflict = patient('p1', { versionId: '-1', lastUpdated: '2024-01-01T00:00:00Z' });
    const url = await upload(bench, [patient('p2'), '', patient('p3'), patient('p4'), conflict]);
    const status = await startImport(bench, [{ url }]);
    const { error } = await importManifest(bench, status);
    const place = bench.account.locate(error[0]?.url ?? '');
    assert.ok(place);
    assert.equal(place.container, 'fhirlogs');
    assert.match(place.blob, /^1_\d+\.ndjson$/);
    assert.equal(
      await bench.account.read(place.container, place.blob),
      '{"resourceType":"OperationOutcome","issue":[{"severity":"error","details":{"text":"Failed to import resource with version conflict, resource id: p1, line: 4"},"diagnostics":"Failed to process resource at line: 4 with stream start offset: 0"}]}\n',
    );
  });

  it('of a later work unit are counted from its start', async () => {
    const bench = await Bench.open();
    const lines = Array.from({ length: 3 }, (_, index) => patient(`bad id ${index}`));
    const url = await upload(bench, lines);
    const width = `${JSON.stringify(lines[0])}\n`.length;
    const { error } = await importManifest(
      bench,
      await startImport(bench, [{ url }], { processingUnitBytesToRead: width }),
    );
    const told = await Promise.all(
      error.map(async (entry) => {
        const place = bench.account.locate(entry.url);
        assert.ok(place);
        return bench.account.read(place.container, place.blob);
      }),
    );
    const offsets = told.map((text) => Number(/offset: (\d+)/.exec(text)?.[1]));
    assert.ok(offsets.includes(0) && offsets.includes(width), String(offsets));
    assert.ok(told.every((text) => text.includes('at line: 1 ')));
  });

  it('go to the container that the request names', async () => {
    const bench = await Bench.open();
    const url = await upload(bench, [patient('bad id')]);
    const status = await startImport(bench, [{ url, type: 'Patient' }], { errorContainerName: `${bench.container}-e` });
    const { error } = await importManifest(bench, status);
    assert.match(error[0]?.url ?? '', new RegExp(`/staging/${bench.container}-e/Patient1_2\\.ndjson$`));
  });

  it('of duplicates are told of word for word', async () => {
    const bench = await Bench.open();
    const { errors } = await imported(bench, [patient('p'), patient('p')]);
    assert.deepEqual(errors, ['Failed to import duplicate resource, resource id: p, line: 2']);
  });
});

describe('$import, files', () => {
  it('may have CRLF, blank lines and a last line without an end', async () => {
    const bench = await Bench.open();
    const text = ['p1', '', 'p2', '', ''].map((id) => (id === '' ? '' : JSON.stringify(patient(id)))).join('\r\n');
    await bench.account.write(bench.container, 'crlf.ndjson', `${text}${JSON.stringify(patient('p3'))}`);
    const url = bench.account.urlOf(bench.container, 'crlf.ndjson');
    const { output, error } = await importManifest(bench, await startImport(bench, [{ url }]));
    assert.deepEqual([output[0]?.count, error.length], [3, 0]);
  });

  it('may be empty', async () => {
    const bench = await Bench.open();
    const url = await upload(bench, []);
    const { output } = await importManifest(bench, await startImport(bench, [{ url }]));
    assert.deepEqual(output, [{ type: null, count: 0, inputUrl: url }]);
  });

  it('may mix types without a type', async () => {
    const bench = await Bench.open();
    assert.equal((await imported(bench, [patient('p'), { resourceType: 'Observation', id: 'o' }])).loaded, 2);
    assert.deepEqual(bench.service.store.types(), ['Observation', 'Patient']);
  });

  it('are leased while they are read, and free afterwards', async () => {
    const bench = await Bench.open({ importTiming: { resourcesPerSecond: 1 } });
    const url = await upload(bench, [patient('p')]);
    const place = bench.account.locate(url);
    assert.ok(place);
    const overwrite = (): Promise<string> =>
      bench.account.write(place.container, place.blob, JSON.stringify(patient('p'))).then(
        () => 'written',
        (error: unknown) => String((error as { readonly code?: string }).code),
      );
    const status = await startImport(bench, [{ url }]);
    const refusal = await until(async () => {
      const outcome = await overwrite();
      return outcome === 'written' ? undefined : outcome;
    }, 'the file is held');
    assert.equal(refusal, 'LeaseIdMissing');
    await ticking(bench, 1_000, () => importManifest(bench, status));
    assert.equal(await overwrite(), 'written');
  });

  it('that somebody else has leased are read all the same', async () => {
    const bench = await Bench.open();
    const url = await upload(bench, [patient('p')]);
    const place = bench.account.locate(url);
    assert.ok(place);
    const lease = await bench.account.tryLease(place.container, place.blob);
    assert.equal((await importManifest(bench, await startImport(bench, [{ url }]))).output[0]?.count, 1);
    await lease?.release();
  });

  it('are split into work units that read each line once, however long lines and units are', async () => {
    const lines = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom('\n', '\r\n')), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 17 }),
        async (given, unit, chunk) => {
          const file = Buffer.from(given.map(([length, end], index) => `${index}${'ż'.repeat(length)}${end}`).join(''));
          const found: string[] = [];
          for (const offset of unitOffsets(file.length, unit)) {
            for await (const part of unitLines(chunksOf(file.subarray(offset), chunk), offset, unit)) {
              found.push(...part.map(({ text }) => text));
            }
          }
          assert.deepEqual(
            found,
            given.map(([length], index) => `${index}${'ż'.repeat(length)}`),
          );
        },
      ),
    );
  });
});

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) {
    yield await Promise.resolve(bytes.subarray(start, start + size));
  }
}
