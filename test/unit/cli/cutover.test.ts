import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../../../src/cli/exitCodes.ts';
import { UsageError } from '../../../src/cli/session.ts';
import type { CutoverPage } from '../../../src/cutover/walk.ts';
import { gateIds, type GateDecision, type GateState, stepIds } from '../../../src/engine/cutover.ts';
import type { ChangeReport } from '../../../src/services/changes/contract.ts';
import type { Services } from '../../../src/services/contract.ts';
import { fakeServices, handleOf, overviewOf } from './fakeServices.ts';
import { run } from './runCommand.ts';

const pageOf = (state: GateState, change: Partial<CutoverPage> = {}): CutoverPage => ({
  gates: gateIds.map((id) => ({ id, state, evidence: `Seen ${id}.`, at: 0 })),
  steps: stepIds.map((id) => ({ id, state: 'open', evidence: 'Not yet.', at: 0 })),
  next: state === 'passed' ? 'begin' : 'hold',
  removedSubscriptions: 0,
  complete: false,
  ...change,
});

function services(page: CutoverPage) {
  const done: string[] = [];
  const given: Partial<Services> = {
    listMigrations: () => Promise.resolve([handleOf(overviewOf())]),
    verify: () => Promise.resolve({ outcome: 'equal' } as Awaited<ReturnType<Services['verify']>>),
    cutover: {
      ...fakeServices({}).cutover,
      look: () => Promise.resolve(page),
      decide: (_, { gate, decision, because = '' }: GateDecision) => {
        done.push(`${decision} ${gate} ${because}`);
        return Promise.resolve();
      },
      signOff: (_, by) => {
        done.push(`signed ${by}`);
        return Promise.resolve({ ...page, next: 'done', complete: true });
      },
      writtenSince: async (_, take) => {
        await take?.('bundle-00001.json', '{}');
        return { since: 0, types: { Patient: { written: 2, deleted: 1 } }, resources: 3, bundles: 1 };
      },
      goBack: (_, because) => {
        done.push(`back ${because}`);
        return Promise.resolve();
      },
    },
  };
  return { given, done };
}

describe('fhir-migration cutover', () => {
  it('shows every gate with evidence and date, and ends with 0 only when all are clear', async () => {
    const clear = await run(services(pageOf('passed')).given, ['cutover']);
    assert.equal(clear.code, exitCodes.success);
    assert.match(clear.out, /passed +Copy lag \[copyLag\]\n +Seen copyLag\. \(1970-01-01T/);
    assert.equal((await run(services(pageOf('waived')).given, ['cutover'])).code, exitCodes.success);
    for (const state of ['open', 'unknown'] as const)
      assert.equal((await run(services(pageOf(state)).given, ['cutover'])).code, exitCodes.needsAttention);
  });

  it('journals what is confirmed and waived, and signs last', async () => {
    const { given, done } = services(pageOf('passed'));
    const words = ['cutover', '--confirm', 'endpoints,applications', '--waive', 'permissions', '--because', 'Agreed'];
    assert.equal((await run(given, [...words, '--sign-off', 'Night'])).code, exitCodes.success);
    assert.deepEqual(done, [
      'confirmed applications Agreed',
      'waived permissions Agreed',
      'confirmed endpoints Agreed',
      'signed Night',
    ]);
  });

  it('knows only its gates, and no waiver without a reason', async () => {
    const { given, done } = services(pageOf('passed'));
    await assert.rejects(run(given, ['cutover', '--waive', 'permissions']), UsageError);
    await assert.rejects(run(given, ['cutover', '--confirm', 'applications']), UsageError);
    await assert.rejects(run(given, ['cutover', '--confirm', 'everything', '--because', 'Asked.']), UsageError);
    assert.deepEqual(done, []);
  });

  it('makes deleted event subscriptions again when asked, and ends with 2 when Azure refuses', async () => {
    const change = {
      kind: 'eventSubscription',
      id: 'target.events:orders',
      title: 'Event subscription orders',
      resourceId: '/x',
      name: 'orders',
      scopeName: 'clinical',
      tenantId: undefined,
      properties: {},
    } as const;
    const done = { change, outcome: 'done', notes: [] } as const;
    const { given } = services(pageOf('passed'));
    const answering = (report: ChangeReport) => ({
      ...given,
      cutover: { ...(given.cutover ?? fakeServices({}).cutover), eventsOn: () => Promise.resolve(report) },
    });
    const all = await run(answering({ steps: [done], ok: true }), ['cutover', '--events-on']);
    assert.equal(all.code, exitCodes.success);
    assert.match(all.out, /done +clinical: event subscription orders/);
    const failure = { kind: 'forbidden', message: 'No.' } as const;
    const refused = answering({ steps: [{ ...done, outcome: 'failed', failure }], ok: false });
    assert.equal((await run(refused, ['cutover', '--events-on'])).code, exitCodes.failed);
  });

  it('ends with 0 on the way over when the step that was asked for is clear, and without words only when all are', async () => {
    const steps = (verified: GateState): CutoverPage['steps'] =>
      stepIds.map((id) => ({ id, state: id === 'finalVerification' ? verified : 'open', evidence: 'Seen.', at: 0 }));
    const at = async (next: CutoverPage['next'], words: readonly string[], verified: GateState = 'passed') =>
      (await run(services(pageOf('passed', { next, steps: steps(verified) })).given, ['cutover', ...words])).code;
    assert.equal(await at('events', []), exitCodes.needsAttention);
    assert.equal(await at('again', []), exitCodes.needsAttention);
    assert.equal(await at('done', []), exitCodes.success);
    assert.equal(await at('events', ['--verify', 'range']), exitCodes.success);
    assert.equal(await at('verify', ['--verify', 'range'], 'open'), exitCodes.needsAttention);
  });

  it('writes bundles for the way back where only the user may read them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fhir-migration-back-'));
    try {
      const out = join(folder, 'bundles');
      const { given, done } = services(pageOf('passed', { next: 'done' }));
      const { code, out: said } = await run(given, ['cutover', '--back', '--out', out, '--because', 'Printers.']);
      assert.equal(code, exitCodes.needsAttention);
      assert.match(said, /Patient: 2 written, 1 deleted/);
      assert.equal(await readFile(join(out, 'bundle-00001.json'), 'utf8'), '{}');
      assert.equal((await stat(join(out, 'bundle-00001.json'))).mode & 0o077, 0);
      assert.deepEqual(done, ['back Printers.']);
      await assert.rejects(run(given, ['cutover', '--back', '--out', out]), /holds bundles of before/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
