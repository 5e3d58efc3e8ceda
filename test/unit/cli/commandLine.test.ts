import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { createOutput } from '../../../src/cli/output/output.ts';
import { usageCode } from '../../../src/cli/program.ts';
import { UsageError } from '../../../src/cli/session.ts';
import type { ComparedEntry, Comparison, EntryState } from '../../../src/compare/comparison.ts';
import { FailureError } from '../../../src/failure/failure.ts';
import type { MigrationPhase } from '../../../src/engine/overview.ts';
import { handleOf, overviewOf, reportOf, service } from './fakeServices.ts';
import { run } from './runCommand.ts';
import type { Services } from '../../../src/services/contract.ts';

const ahds = {
  kind: 'ahds',
  endpoint: 'https://ws-f.fhir.azurehealthcareapis.com',
  importStorageAccount: 'staging',
} as const;
const noSummary = {
  counts: undefined,
  total: undefined,
  windows: undefined,
  explanation: '',
  prediction: { variants: [], leftOut: [], basis: [] },
};

describe('the command line', () => {
  let folder = '';
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'fhir-migration-cli-'))));
  after(() => rm(folder, { recursive: true }));
  const planFile = async (change: object = {}): Promise<string> => {
    const file = join(folder, 'night.fhirmigration.json');
    await writeFile(file, JSON.stringify({ ...overviewOf().plan, ...change }));
    return file;
  };

  it('compares two services with exit code 0 without drift, 1 with drift and 2 when something is unknown', async () => {
    const entry = (state: EntryState): ComparedEntry => ({
      path: ['Patient', 'versioning'],
      state,
      source: 'versioned',
      target: 'no-version',
      when: 'before',
      guidance: 'Set it.',
    });
    const compared = (aspects: Comparison['aspects']): Partial<Services> => ({
      compare: (source, target, what) => {
        assert.deepEqual([source, target, what], ['https://a', 'https://b', ['capabilities']]);
        return Promise.resolve({ source: { name: 'a', endpoint: 'a' }, target: { name: 'b', endpoint: 'b' }, aspects });
      },
    });
    const of = (...states: EntryState[]): Comparison['aspects'] => [
      { aspect: 'capabilities', entries: states.map(entry), sourceText: '', targetText: '' },
    ];
    const words = ['compare', '--source', 'https://a', '--target', 'https://b', '--what', 'capabilities'];
    assert.equal((await run(compared(of('copied', 'adapted', 'byDesign', 'notPossible')), words)).code, 0);
    const drifted = await run(compared(of('different', 'copied')), words);
    assert.equal(drifted.code, 1);
    assert.match(
      drifted.out,
      /1 drift\n {2}DIFFERENT +Patient › versioning\n +source: versioned\n +target: no-version/,
    );
    const ofType = (type: string): ComparedEntry => ({ ...entry('missing'), path: [type, 'include', 'A:b'] });
    const ofMany = ['Account', 'Basic', 'Claim', 'Device', 'Flag'].map(ofType);
    const many = await run(
      compared([{ aspect: 'capabilities', entries: ofMany, sourceText: '', targetText: '' }]),
      words,
    );
    assert.match(many.out, /: 5 drifts\n {2}MISSING +5 types › include › A:b\n +source: versioned\n +target/);
    const failure = { kind: 'retired' as const, message: 'The source refused.' };
    const failed = await run(compared([...of('missing'), { aspect: 'roles', failure }]), [...words, '--json']);
    assert.equal(failed.code, 2);
    assert.deepEqual(
      failed.records.map(({ event }) => event),
      ['entry', 'failure', 'compared'],
    );
    await assert.rejects(run({}, [...words.slice(0, 5), '--what', 'colours']), UsageError);
  });

  it('lists services, and tells what could not be loaded with exit code 1', async () => {
    const events = [
      { type: 'services' as const, services: [service()] },
      {
        type: 'problem' as const,
        tenantId: 't2',
        failure: { kind: 'notSignedIn' as const, message: 'Tenant t2 needs a sign-in.' },
      },
      { type: 'done' as const, looked: { tenants: 2, subscriptions: 3 } },
    ];
    const found = {
      discover: async function* () {
        yield* events;
        await Promise.resolve();
      },
    };
    const text = await run(found, ['discover']);
    assert.equal(text.code, 1);
    assert.match(text.out, /contoso .*azureApiForFhir.*westeurope/);
    assert.match(text.out, /1 FHIR service in 3 subscriptions of 2 tenants/);
    assert.match(text.err, /Tenant t2 needs a sign-in/);
    const { records } = await run(found, ['discover', '--json']);
    assert.deepEqual(
      records.map(({ event }) => event),
      ['service', 'failure'],
    );
    events.splice(1, 1);
    assert.equal((await run(found, ['discover'])).code, 0);
  });

  it('writes a plan with the staging account of the target, and never over another file unasked', async () => {
    const out = join(folder, 'new.fhirmigration.json');
    const services: Partial<Services> = {
      service: (id) =>
        Promise.resolve(
          service(
            id.includes('workspaces')
              ? {
                  kind: 'ahds',
                  resourceId: id,
                  endpoint: 'https://ws-f.fhir.azurehealthcareapis.com',
                  importStorageAccount: 'staging',
                }
              : { resourceId: id },
          ),
        ),
      storageAccount: (name) =>
        Promise.resolve({ accountName: name, blobEndpoint: `https://${name}.blob.core.windows.net` }),
      summarize: () =>
        Promise.resolve({
          counts: undefined,
          total: undefined,
          windows: undefined,
          explanation: 'Three windows.',
          prediction: { variants: [], leftOut: [{ what: 'Older versions', resources: 7 }], basis: ['Counted.'] },
        }),
    };
    const words = [
      'plan',
      '--source',
      '/subscriptions/s/services/a',
      '--target',
      '/subscriptions/s/workspaces/w',
      '--types',
      'Patient,Observation',
      '--no-soft-deleted',
      '--out',
      out,
    ];
    const first = await run(services, words);
    assert.equal(first.code, 0);
    assert.match(first.out, /Three windows/);
    const written = JSON.parse(await readFile(out, 'utf8')) as { staging: object; scope: object };
    assert.deepEqual(written.staging, {
      container: 'migration',
      accountName: 'staging',
      blobEndpoint: 'https://staging.blob.core.windows.net',
    });
    assert.deepEqual(written.scope, { history: false, softDeleted: false, resourceTypes: ['Patient', 'Observation'] });
    await assert.rejects(
      run(services, words),
      (error) => error instanceof UsageError && error.message.includes('exists already'),
    );
    assert.equal((await run(services, [...words, '--force'])).code, 0);
  });

  it('writes filters, exports per type and a de-identification whose configuration it uploads', async () => {
    const out = join(folder, 'modes.fhirmigration.json');
    const rules = join(folder, 'rules.json');
    await writeFile(rules, '{"fhirPathRules":[]}');
    const uploaded: string[] = [];
    const services: Partial<Services> = {
      service: (id) => Promise.resolve(service({ ...(id.includes('workspaces') ? ahds : {}), resourceId: id })),
      storageAccount: (name) =>
        Promise.resolve({ accountName: name, blobEndpoint: `https://${name}.blob.core.windows.net` }),
      summarize: () => Promise.resolve(noSummary),
      uploadDeidentification: (staging, text) => {
        uploaded.push(`${staging.accountName} ${text}`);
        return Promise.resolve({ config: 'abc.json', etag: '0x8D' });
      },
    };
    const words = ['plan', '--source', '/subscriptions/s/a', '--target', '/subscriptions/s/workspaces/w'];
    const options = ['--types', 'Patient,Observation', '--type-filter', 'Observation?status=final', '--per-type'];
    const { code } = await run(services, [...words, ...options, '--deidentify', rules, '--out', out]);
    assert.equal(code, 0);
    const { scope, options: how } = JSON.parse(await readFile(out, 'utf8')) as Record<string, unknown>;
    assert.deepEqual(scope, {
      history: false,
      softDeleted: false,
      resourceTypes: ['Patient', 'Observation'],
      typeFilters: ['Observation?status=final'],
      deidentified: { config: 'abc.json', etag: '0x8D' },
    });
    assert.deepEqual(how, { perType: true });
    assert.deepEqual(uploaded, ['staging {"fhirPathRules":[]}']);
    const missing = [...words, '--deidentify', join(folder, 'no.json'), '--out', join(folder, 'never.json')];
    await assert.rejects(run(services, missing), UsageError);
    await assert.rejects(readFile(join(folder, 'never.json')), /ENOENT/, 'nothing is moved as it is');
  });

  it('starts nothing when a preflight check fails: exit code 3', async () => {
    let started = false;
    const services: Partial<Services> = {
      preflight: () => Promise.resolve(reportOf('failure')),
      startMigration: () => ((started = true), Promise.reject(new Error('started'))),
    };
    const { code, out } = await run(services, ['migrate', '--plan', await planFile()]);
    assert.equal(code, 3);
    assert.match(out, /FAILURE .*\n.*the evidence.*\n.*Next: Repair it/);
    assert.equal(started, false);
  });

  const ends: readonly (readonly [MigrationPhase, number])[] = [
    ['complete', 0],
    ['needsAttention', 1],
    ['paused', 4],
    ['cancelled', 4],
  ];
  for (const [phase, expected] of ends) {
    it(`ends a migration that is ${phase} with exit code ${expected} and a summary`, async () => {
      const services: Partial<Services> = {
        preflight: () => Promise.resolve(reportOf('pass')),
        startMigration: () => Promise.resolve(handleOf(overviewOf({ phase }))),
      };
      const { code, records } = await run(services, ['migrate', '--json', '--plan', await planFile()]);
      assert.equal(code, expected);
      assert.equal(records.at(-1)?.event, 'summary');
      assert.equal(records.at(-1)?.phase, phase);
    });
  }

  it('detaches on Ctrl-C and says so with exit code 130', async () => {
    let detached = 0;
    const handle = {
      ...handleOf(overviewOf({ phase: 'backlog' })),
      detach: () => ((detached += 1), Promise.resolve()),
    };
    const services: Partial<Services> = { openMigration: () => Promise.resolve(handle) };
    const { code } = await run(services, ['resume', 'm1'], true);
    assert.equal(code, 130);
    assert.equal(detached, 1);
  });

  it('asks the driver to pause, and needs a name when there are several migrations', async () => {
    const asked: string[] = [];
    const handle = {
      ...handleOf(overviewOf({ phase: 'backlog' })),
      control: (request: string) => (asked.push(request), Promise.resolve()),
    };
    await run({ listMigrations: () => Promise.resolve([handle]) }, ['pause']);
    assert.deepEqual(asked, ['pause']);
    await assert.rejects(run({ listMigrations: () => Promise.resolve([handle, handle]) }, ['pause']), /Name one/);
    await assert.rejects(run({ listMigrations: () => Promise.resolve([]) }, ['cancel']), /no migration/);
  });

  it('names file and line of every mistake in a plan', async () => {
    const file = await planFile({ scpoe: {} });
    await assert.rejects(
      run({}, ['preflight', '--plan', file]),
      (error) => error instanceof UsageError && error.message.includes(`${file}:1: Unknown field 'scpoe'`),
    );
    await assert.rejects(run({}, ['preflight', '--plan', join(folder, 'none.json')]), /cannot be read: ENOENT/);
  });

  it('refuses unknown words with exit code 64, and gives help with 0', async () => {
    const codeOf = (words: string[]): Promise<number> =>
      run({}, words).then(
        () => -1,
        (error: unknown) => (error instanceof CommanderError ? usageCode(error) : -2),
      );
    assert.equal(await codeOf(['migrat']), 64);
    assert.equal(await codeOf(['migrate']), 64);
    assert.equal(await codeOf(['discover', '--auth', 'password']), 64);
    assert.equal(await codeOf(['--help']), 0);
  });

  it("shows a failure with the server's words and the next step, and no control characters", () => {
    let err = '';
    const output = createOutput(false, { write: () => true }, { write: (text) => (err += text) });
    output.failure(
      new FailureError({
        kind: 'forbidden',
        message: 'Export of contoso was refused.',
        diagnostics: ['Authorization \u001b[31mfailed.'],
        nextStep: 'Assign the role.',
        status: 403,
      }).failure,
    );
    assert.match(
      err,
      /Error: Export of contoso was refused\.\n {2}The server says: Authorization .\[31mfailed\.\n {2}Next: Assign the role\.\n {2}\(403\)/,
    );
    assert.ok(!err.includes('\u001b'));
  });
});
