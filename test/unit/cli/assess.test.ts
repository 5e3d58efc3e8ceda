import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assess } from '../../../src/cli/commands/assess.ts';
import { createOutput } from '../../../src/cli/output/output.ts';
import type { Assessment } from '../../../src/services/assess/contract.ts';
import { sinceLastAssessment } from '../../../src/services/assess/lastAssessment.ts';
import { findingsOf, known, type Change } from '../assess/snapshots.ts';
import { fakeServices } from './fakeServices.ts';

async function run(change: Change, json = false, folder?: string): Promise<{ code: number; out: string }> {
  let out = '';
  const output = createOutput(json, { write: (text) => (out += text) }, { write: () => undefined });
  const assessment: Assessment = {
    takenAt: 0,
    source: { name: 'old', endpoint: 'https://old.example' },
    target: { name: 'new', endpoint: 'https://new.example' },
    counts: undefined,
    dataBytes: undefined,
    findings: [...findingsOf(change).values()],
  };
  const services = fakeServices({
    assess: () => Promise.resolve(assessment),
    sinceLastAssessment: (now) =>
      folder === undefined ? Promise.resolve(undefined) : sinceLastAssessment(folder, now),
  });
  const session = { services, output, signal: new AbortController().signal };
  return { code: await assess(session, { source: '/old', target: '/new' }), out };
}

describe('the command assess', () => {
  it('ends with 0 without blockers, however much there is to check', async () => {
    const { code, out } = await run({});
    assert.equal(code, 0);
    assert.match(out, /^Readiness of old for new\n/);
    assert.match(out, /\nBlockers: 0\. Actions: 0\. To check: \d+\./);
  });

  it('ends with 1 when there are blockers, which come first, with evidence and guidance', async () => {
    const { code, out } = await run({ target: { reindex: known('locked', 'GET /$reindex') } });
    assert.equal(code, 1);
    const [, , first, seen, next] = out.split('\n');
    assert.match(first ?? '', /^BLOCKER {2}The target is locked/);
    assert.match(seen ?? '', /new answers 423\. \[GET \/\$reindex\]/);
    assert.match(next ?? '', /Next: Set importConfiguration/);
  });

  describe('again', () => {
    let folder = '';
    beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'assessments-'))));
    afterEach(() => rm(folder, { recursive: true, force: true }));
    const locked: Change = { target: { reindex: known('locked', 'GET /$reindex') } };

    it('says what is new and what is gone since the last time, and when nothing changed', async () => {
      assert.doesNotMatch((await run({}, false, folder)).out, /Since the last/);
      assert.match((await run({}, false, folder)).out, /Since the last assessment \(.*\):\n {2}Nothing changed\.\n/);
      assert.match(
        (await run(locked, false, folder)).out,
        /\n {2}New: The target is locked for initial import\. new answers 423/,
      );
      const { out } = await run({}, true, folder);
      const changes = out.split('\n').find((line) => line.includes('"event":"changes"'));
      assert.deepEqual(JSON.parse(changes ?? '{}'), {
        event: 'changes',
        since: '1970-01-01T00:00:00.000Z',
        added: [],
        gone: ['target.lock'],
        changed: [],
      });
    });

    it('compares nothing with a file that was damaged, and assesses where nothing can be kept', async () => {
      await run({}, false, folder);
      const [file] = await readdir(folder);
      await writeFile(join(folder, file ?? ''), '{"at":');
      assert.doesNotMatch((await run({}, false, folder)).out, /Since the last/);
      assert.match((await run({}, false, folder)).out, /Nothing changed/);
      const { code, out } = await run(locked, false, join(folder, file ?? '', 'below'));
      assert.equal(code, 1);
      assert.match(out, /cannot be told: /);
    });
  });

  it('writes one record for each finding and one at the end', async () => {
    const { out } = await run({}, true);
    const records = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; id?: string; blocker?: number });
    assert.deepEqual([...new Set(records.map(({ event }) => event))], ['finding', 'assessed']);
    assert.equal(records.at(-1)?.blocker, 0);
    assert.ok(records.some(({ id }) => id === 'access.audience'));
  });
});
