import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../../../src/cli/exitCodes.ts';
import { UsageError } from '../../../src/cli/session.ts';
import type { Services } from '../../../src/services/contract.ts';
import { handleOf, overviewOf } from './fakeServices.ts';
import { run } from './runCommand.ts';

const services = (good: boolean): Partial<Services> => ({
  listMigrations: () => Promise.resolve([handleOf(overviewOf())]),
  report: () =>
    Promise.resolve({
      name: 'migration-m1-report',
      html: '<!DOCTYPE html>',
      markdown: '# Report',
      json: '{}',
      verdict: 'Complete and verified.',
      good,
    }),
});

describe('fhir-migration report', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fhir-migration-report-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('writes the form that the file ends in, and ends with 0 only when nothing speaks against the migration', async () => {
    for (const [name, text] of [
      ['r.html', '<!DOCTYPE html>'],
      ['r.md', '# Report'],
      ['r.json', '{}'],
    ] as const) {
      const out = join(folder, name);
      assert.equal((await run(services(true), ['report', '--out', out])).code, exitCodes.success);
      assert.equal(await readFile(out, 'utf8'), text);
    }
    assert.equal((await run(services(false), ['report'])).code, exitCodes.needsAttention);
  });

  it('prints Markdown without a file, and overwrites nothing unasked', async () => {
    assert.match((await run(services(true), ['report'])).out, /^# Report/);
    const out = join(folder, 'r.md');
    await run(services(true), ['report', '--out', out]);
    await assert.rejects(run(services(true), ['report', '--out', out]), UsageError);
    assert.equal((await run(services(true), ['report', '--out', out, '--force'])).code, exitCodes.success);
    await assert.rejects(run(services(true), ['report', '--format', 'html']), UsageError);
  });

  it('tells programs the verdict and the file', async () => {
    const out = join(folder, 'r.json');
    const { records } = await run(services(true), ['--json', 'report', '--out', out]);
    assert.deepEqual(records, [
      { event: 'report', migration: 'm1', good: true, verdict: 'Complete and verified.', file: out },
    ]);
  });
});
