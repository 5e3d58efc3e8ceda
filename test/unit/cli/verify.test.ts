import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOutput } from '../../../src/cli/output/output.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { UsageError } from '../../../src/cli/session.ts';
import type { Services } from '../../../src/services/contract.ts';
import { requestDigest } from '../../../src/services/verify/checkpoint.ts';
import type { Removal, Verification, VerificationRequest } from '../../../src/services/verify/verification.ts';
import type { Difference } from '../../../src/verify/differences.ts';
import { fakeServices, service } from './fakeServices.ts';

const extra: Difference = {
  class: 'extraOnTarget',
  reason: 'notOnSource',
  type: 'Patient',
  id: 'p1',
  sourceVersion: undefined,
  targetVersion: '1',
};

const result = (change: Partial<Verification> = {}): Verification => ({
  outcome: 'equal',
  depth: 'range',
  sourceName: 'contoso',
  targetName: 'clinical',
  truth: 'service',
  since: undefined,
  till: 1_000,
  startedAt: 0,
  endedAt: 1,
  types: [{ type: 'Patient', source: 2, target: 2, equal: 2, unread: 0, recovered: 0, changedLater: 0 }],
  differences: [],
  truncated: false,
  openRanges: [],
  sample: undefined,
  notes: ['A note.'],
  ...change,
});

async function run(services: Partial<Services>, words: readonly string[]): Promise<{ code: number; out: string }> {
  let [out, code] = ['', -1];
  const write = { write: (text: string) => (out += text) };
  const output = createOutput(words.includes('--json'), write, write);
  const session = { services: fakeServices(services), output, signal: new AbortController().signal };
  const program = createProgram(
    '1.2.3',
    '/journals',
    () => Promise.resolve(session),
    (ended) => (code = ended),
  );
  const addresses = { serviceByUrl: (endpoint: string) => Promise.resolve(service({ endpoint })) };
  Object.assign(session.services, addresses, services);
  await program.parseAsync([...words], { from: 'user' });
  return { code, out };
}

const pair = ['--source', 'https://a.example', '--target', 'https://b.example'];

describe('the command line verifies', () => {
  it('with exit code 0 when equal, 1 when different or not proved', async () => {
    for (const [outcome, wanted] of [
      ['equal', 0],
      ['different', 1],
      ['incomplete', 1],
    ] as const) {
      const { code, out } = await run({ verify: () => Promise.resolve(result({ outcome })) }, ['verify', ...pair]);
      assert.equal(code, wanted);
      assert.match(out, /Note: A note\./);
    }
  });

  it('passes on what was asked for', async () => {
    let asked: VerificationRequest | undefined;
    const verify: Services['verify'] = (request) => {
      asked = request;
      return Promise.resolve(result());
    };
    const scope = ['--types', 'Patient,Observation', '--since', '2024-01-01', '--till', '2024-02-01', '--sample', '9'];
    await run({ verify }, ['verify', ...pair, '--depth', 'content', ...scope]);
    assert.deepEqual(
      { ...asked, source: asked?.source.endpoint, target: asked?.target.endpoint },
      {
        source: 'https://a.example',
        target: 'https://b.example',
        depth: 'content',
        types: ['Patient', 'Observation'],
        since: Date.UTC(2024, 0, 1),
        till: Date.UTC(2024, 1, 1),
        sample: 9,
      },
    );
  });

  it('refuses words that mean nothing', async () => {
    for (const words of [
      ['verify'],
      ['verify', '--source', 'https://a.example'],
      ['verify', ...pair, '--plan', 'x.json'],
      ['verify', ...pair, '--sample', 'many'],
      ['verify', ...pair, '--since', 'yesterday'],
      ['reconcile', ...pair],
      ['reconcile', ...pair, '--delete', 'b', '--what-if'],
      ['reconcile', ...pair, '--delete', 'another'],
    ])
      await assert.rejects(run({}, words), UsageError, words.join(' '));
  });

  it('writes every difference as a record', async () => {
    const verify = (): Promise<Verification> => Promise.resolve(result({ outcome: 'different', differences: [extra] }));
    const { out } = await run({ verify }, ['--json', 'verify', ...pair]);
    const records = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly event: string });
    assert.deepEqual(
      records.map(({ event }) => event),
      ['difference', 'verified'],
    );
    assert.deepEqual({ ...extra, ...records[0] }, { event: 'difference', ...extra });
  });
});

describe('the command line compares exports', () => {
  it('in two folders, type by type', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fhir-migration-exports-'));
    try {
      const line = (id: string, value: string): string => `{"resourceType":"Patient","id":"${id}","x":${value}}\n`;
      for (const [name, files] of [
        ['left', { 'Patient-1-1.ndjson': line('a', '1') + line('b', '1.0') + line('c', '1') }],
        ['right', { 'Patient-9-1.ndjson': line('b', '1.00'), 'Patient-9-2.ndjson': `\r\n${line('a', '1')}` }],
      ] as const) {
        await mkdir(join(folder, name));
        for (const [file, text] of Object.entries(files)) await writeFile(join(folder, name, file), text);
      }
      const [left, right] = [join(folder, 'left'), join(folder, 'right')];
      const { code, out } = await run({}, ['--json', 'compare-exports', left, right]);
      assert.equal(code, 1);
      const compared = out.split('\n').find((text) => text.includes('"compared"')) ?? '';
      const { type, equal, differs, missing, extra: more } = JSON.parse(compared) as Record<string, unknown>;
      assert.deepEqual([type, equal, differs, missing, more], ['Patient', 1, 1, 1, 0]);
      assert.equal((await run({}, ['compare-exports', left, left])).code, 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the command line keeps how far a verification is', () => {
  it('in a file, goes on from there, and removes it at the end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fhir-migration-progress-'));
    const file = join(folder, 'progress.json');
    const words = ['verify', ...pair, '--depth', 'content', '--progress', file];
    try {
      const asked: VerificationRequest[] = [];
      let isInterrupted = true;
      const verify: Services['verify'] = (request, _, watch) => {
        asked.push(request);
        const about = { ...request, resume: undefined } as unknown as VerificationRequest;
        watch?.checkpoint?.({ v: 1, of: requestDigest(about), till: 9, first: 1, startedAt: 2, types: {} });
        return isInterrupted ? Promise.reject(new Error('Interrupted.')) : Promise.resolve(result());
      };
      await assert.rejects(run({ verify }, words), /Interrupted/);
      isInterrupted = false;
      await assert.rejects(run({ verify }, [...words, '--types', 'Patient']), UsageError);
      assert.equal((await run({ verify }, words)).code, 0);
      assert.deepEqual(
        asked.map(({ resume }) => resume?.till),
        [undefined, 9],
      );
      assert.deepEqual(await readdir(folder), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the command line reconciles', () => {
  const verify = (): Promise<Verification> => Promise.resolve(result({ outcome: 'different', differences: [extra] }));

  it('by listing alone with --what-if', async () => {
    const { code, out } = await run({ verify }, ['reconcile', ...pair, '--what-if']);
    assert.equal(code, 1);
    assert.match(out, /Patient\/p1 \(not on source\)[\s\S]*Nothing was deleted/);
  });

  it('deletes exactly what was found once the name of the target was typed, and no conflict', async () => {
    let asked: readonly Difference[] = [];
    const written = { ...extra, id: 'p2', reason: 'writtenOnTarget' } as const;
    const both = (): Promise<Verification> =>
      Promise.resolve(result({ outcome: 'different', differences: [extra, written] }));
    const removeExtras: Services['removeExtras'] = ({ extras }): Promise<Removal> => {
      asked = extras;
      return Promise.resolve({ removed: 1, kept: 0, failures: [] });
    };
    const { code } = await run({ verify: both, removeExtras }, ['reconcile', ...pair, '--delete', 'contoso']);
    assert.deepEqual([code, asked], [0, [extra]]);
  });

  it('has nothing to do when nothing is extra', async () => {
    const none = (): Promise<Verification> => Promise.resolve(result());
    const { code, out } = await run({ verify: none }, ['reconcile', ...pair, '--what-if']);
    assert.equal(code, 0);
    assert.match(out, /Nothing to delete/);
  });
});
