import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Comparison } from '../../../src/compare/comparison.ts';
import type { QueryComparison } from '../../../src/services/queries/compareQueries.ts';
import { UsageError } from '../../../src/cli/session.ts';
import { service } from './fakeServices.ts';
import { run } from './runCommand.ts';

const [source, target] = ['https://a.example', 'https://b.example'];
const pair = ['--source', source, '--target', target];
const side = { status: 200, total: 1, milliseconds: 5 };
const query = (change: Partial<QueryComparison>): QueryComparison => ({
  line: 1,
  query: 'Patient?name=x',
  equal: true,
  differences: [],
  notes: [],
  compared: 1,
  source: side,
  target: side,
  ...change,
});

describe('carrying over on the command line', () => {
  let folder = '';
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'fhir-migration-cli-'))));
  after(() => rm(folder, { recursive: true, force: true }));
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };

  it('copies profiles, from a staging account that was named, and tells what became of each', async () => {
    const asked: unknown[] = [];
    const account = { accountName: 'kept', blobEndpoint: 'https://kept.blob.core.windows.net' };
    const services = {
      storageAccount: (name: string) => Promise.resolve(name === 'kept' ? account : assert.fail(name)),
      profiles: {
        copy: (...[from, to, choice]: readonly unknown[]) => {
          asked.push(from, to, choice);
          return Promise.resolve([
            { type: 'ValueSet', key: 'http://x/vs', outcome: 'created' as const },
            {
              type: 'StructureDefinition',
              key: 'http://x/p|1',
              outcome: 'failed' as const,
              failure: { kind: 'conflict' as const, message: 'Another content.' },
            },
          ]);
        },
      },
    };
    const words = ['copy', 'profiles', ...pair, '--staging', 'kept', '--container', 'old', '--only', 'http://x/vs'];
    const { code, out, err } = await run(services, words);
    assert.equal(code, 1);
    assert.match(out, /created +ValueSet +http:\/\/x\/vs\nfailed +StructureDefinition +http:\/\/x\/p\|1/);
    assert.match(err, /Another content/);
    assert.deepEqual(asked, [source, target, { only: ['http://x/vs'], staging: { ...account, container: 'old' } }]);
  });

  it('runs queries: 0 when all answers are equal, 1 with what differs', async () => {
    const searches = await file('app.fhirqueries', '# all\nPatient?name=x\nObservation\n');
    const services = (results: readonly QueryComparison[]) => ({
      compareQueries: (
        _from: unknown,
        _to: unknown,
        wanted: readonly unknown[],
        progress: (one: QueryComparison) => void,
      ): Promise<readonly QueryComparison[]> => {
        assert.equal(wanted.length, 2);
        results.forEach(progress);
        return Promise.resolve(results);
      },
    });
    const words = ['queries', ...pair, '--file', searches];
    assert.equal((await run(services([query({}), query({})]), words)).code, 0);
    const different = query({ equal: false, differences: [{ kind: 'total', source: '1', target: '2' }] });
    const { code, out } = await run(services([query({}), different]), words);
    assert.equal(code, 1);
    assert.match(out, /DIFFERENT +Patient\?name=x\n +total +source: 1\n +target: 2/);
    assert.match(out, /1 of 2 searches give the same/);
  });

  it('names the line that is no search, and prints examples', async () => {
    const searches = await file('bad.fhirqueries', 'Patient\nDELETE Patient/1\n');
    await assert.rejects(
      run({}, ['queries', ...pair, '--file', searches]),
      (error: unknown) => error instanceof UsageError && /bad\.fhirqueries:2: .*DELETE/.test(error.message),
    );
    await assert.rejects(run({}, ['queries', '--source', source]), /--examples/);
    const services = {
      serviceByUrl: () => Promise.resolve(service({ endpoint: source })),
      metadata: () => Promise.resolve('{"rest":[{"resource":[{"type":"Patient"}]}]}'),
    };
    const { code, out } = await run(services, ['queries', '--source', source, '--examples']);
    assert.equal(code, 0);
    assert.match(out, /^Patient\?_summary=count$/m);
  });

  it('compares by a plan, and what was set aside in it is no drift', async () => {
    const planFile = (setAside: readonly string[]) =>
      file(
        'night.fhirmigration.json',
        JSON.stringify({
          version: 1,
          name: 'night',
          source: { kind: 'azureApiForFhir', name: 'a', endpoint: source },
          target: { kind: 'ahds', name: 'b', endpoint: target },
          staging: { accountName: 'staging', blobEndpoint: 'https://staging.blob.core.windows.net' },
          setAside,
        }),
      );
    const named = (name: string) => ({ name, endpoint: name });
    const comparison: Comparison = {
      source: named(source),
      target: named(target),
      aspects: [
        {
          aspect: 'capabilities',
          sourceText: '',
          targetText: '',
          entries: [
            {
              path: ['Patient', 'versioning'],
              state: 'different',
              source: 'a',
              target: 'b',
              when: 'before',
              guidance: 'Set it.',
            },
          ],
        },
      ],
    };
    const services = {
      compare: (from: unknown, to: unknown) => {
        assert.deepEqual([from, to], [source, target]);
        return Promise.resolve(comparison);
      },
    };
    const open = await run(services, ['compare', '--plan', await planFile([])]);
    assert.deepEqual([open.code, /DIFFERENT +Patient › versioning/.test(open.out)], [1, true]);
    const aside = await run(services, ['compare', '--plan', await planFile(['capabilities/Patient/versioning'])]);
    assert.deepEqual([aside.code, aside.out.includes('versioning')], [0, false]);
    await assert.rejects(run(services, ['compare', '--source', source]), /--plan, or both/);
  });
});
