import assert from 'node:assert/strict';
import { assess } from '../../../src/cli/commands/assess.ts';
import { createOutput } from '../../../src/cli/output/output.ts';
import type { Assessment } from '../../../src/services/assess/contract.ts';
import { findingsOf, known, type Change } from '../assess/snapshots.ts';
import { fakeServices } from './fakeServices.ts';

async function run(change: Change, json = false): Promise<{ code: number; out: string }> {
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
  const services = fakeServices({ assess: () => Promise.resolve(assessment) });
  const session = { services, output, signal: new AbortController().signal };
  return { code: await assess(session, { source: '/old', target: '/new' }), out };
}

describe('the command assess', () => {
  it('ends with 0 without blockers, however much there is to check', async () => {
    const { code, out } = await run({});
    assert.equal(code, 0);
    assert.match(out, /^Readiness of old for new\n/);
    assert.match(out, /\n0 blockers, 0 actions, \d+ to check/);
  });

  it('ends with 1 when there are blockers, which come first, with evidence and guidance', async () => {
    const { code, out } = await run({ target: { reindex: known('locked', 'GET /$reindex') } });
    assert.equal(code, 1);
    const [, , first, seen, next] = out.split('\n');
    assert.match(first ?? '', /^BLOCKER {2}The target is locked/);
    assert.match(seen ?? '', /new answers 423\. \[GET \/\$reindex\]/);
    assert.match(next ?? '', /Next: Set importConfiguration/);
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
