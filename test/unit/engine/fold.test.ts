import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FailureError } from '../../../src/failure/failure.ts';
import type { JournalEvent } from '../../../src/engine/events.ts';
import { decodeEvent, encodeEvent, eventVersion } from '../../../src/engine/journal/eventFormat.ts';
import { readJournal } from '../../../src/engine/journal/readJournal.ts';
import { decodeSnapshot, encodeSnapshot, snapshotVersion } from '../../../src/engine/journal/snapshotFormat.ts';
import { noObservations } from '../../../src/engine/decide/observations.ts';
import { decide } from '../../../src/engine/decide/decide.ts';
import { overview } from '../../../src/engine/overview.ts';
import { apply, fold } from '../../../src/engine/state/apply.ts';
import type { MigrationState } from '../../../src/engine/state/state.ts';
import { plain } from './simulation/checker.ts';
import { scripted } from './simulation/script.ts';
import { seeded } from './simulation/virtualClock.ts';

/** The journal of a migration with all sorts of trouble in it. */
async function eventfulJournal(): Promise<readonly JournalEvent[]> {
  const random = seeded(11);
  const world = scripted({
    flavour: 'ahds',
    trouble: ({ name, number }) =>
      number < 300 && random() < 0.06 ? { kind: name === 'append' ? 'killAfter' : 'lostReply' } : undefined,
    exports: {
      flavour: 'ahds',
      fate: (job) =>
        job === 2
          ? { kind: 'fail', failure: { kind: 'tooLarge', message: '413' } }
          : job === 4
            ? { kind: 'loseFile' }
            : undefined,
    },
    imports: { fate: (job) => (job === 2 ? { kind: 'refuseLines', every: 3 } : undefined) },
  });
  await world.create();
  await world.drive();
  await world.ask('retry');
  await world.drive();
  return world.journal.records.map(({ sequence, text }) => decodeEvent(text, sequence));
}

describe('the state of a migration', () => {
  let events: readonly JournalEvent[] = [];
  before(async () => {
    events = await eventfulJournal();
    assert.ok(new Set(events.map(({ kind }) => kind)).size >= 18, 'the journal is eventful');
  });

  it('folds every prefix of a journal, and says something sensible about it', () => {
    let state: MigrationState | undefined;
    for (const event of events) {
      state = apply(state, event);
      assert.ok(state !== undefined);
      const seen = overview(state, noObservations, event.at + 1_000);
      for (const totals of Object.values(seen.totals)) {
        assert.ok(totals.imported + totals.alreadyThere + totals.failed + totals.unaccounted <= totals.exported);
      }
      assert.ok(seen.progress.windowsDone <= seen.progress.windowsKnown);
      if (seen.phase === 'needsAttention') assert.ok(seen.attention.length > 0);
      decide(state, noObservations, event.at);
    }
  });

  it('is the same one event at a time or all at once', () => {
    const stepwise = events.reduce<MigrationState | undefined>(apply, undefined);
    const atOnce = fold(undefined, events);
    assert.ok(stepwise !== undefined && atOnce !== undefined);
    assert.deepEqual(plain(stepwise), plain(atOnce));
  });

  it('never changes a state that was folded before', () => {
    fc.assert(
      fc.property(fc.nat(events.length - 2), (cut) => {
        const before = fold(undefined, events.slice(0, cut + 1));
        assert.ok(before !== undefined);
        const text = encodeSnapshot(before);
        fold(before, events.slice(cut + 1));
        assert.equal(encodeSnapshot(before), text);
      }),
      { numRuns: 25 },
    );
  });

  it('goes on from a snapshot as if there had been none', () => {
    const whole = fold(undefined, events);
    assert.ok(whole !== undefined);
    for (let cut = 1; cut < events.length; cut += 3) {
      const before = fold(undefined, events.slice(0, cut));
      assert.ok(before !== undefined);
      const after = fold(decodeSnapshot(encodeSnapshot(before)), events.slice(cut));
      assert.ok(after !== undefined);
      assert.deepEqual(plain(after), plain(whole));
    }
  });

  it('survives events in any order and of unknown things', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...events]), (shuffled) => {
        const [created] = events;
        assert.ok(created !== undefined);
        const state = fold(undefined, [created, ...shuffled]);
        assert.ok(state !== undefined);
        decide(state, noObservations, Date.now());
        overview(state, noObservations, Date.now());
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the journal’s records free of resource ids', () => {
    const text = events.map(encodeEvent).join('\n');
    assert.ok(!/"r\d+"|"new\d+"/.test(text));
  });
});

describe('the format of events', () => {
  it('carries its version and gives back what was written', () => {
    const event: JournalEvent = { kind: 'halted', at: 5, failure: { kind: 'forbidden', message: '403' } };
    const text = encodeEvent(event);
    assert.ok(text.startsWith(`{"v":${eventVersion},`));
    assert.ok(!text.includes('\n'));
    const { kind, at } = decodeEvent(text, 1);
    assert.deepEqual({ kind, at }, { kind: 'halted', at: 5 });
  });

  for (const [what, text] of Object.entries({
    'of a newer version': `{"v":${eventVersion + 1},"kind":"paused","at":1}`,
    'without a version': '{"kind":"paused","at":1}',
    'of an unknown kind': '{"v":1,"kind":"teleported","at":1}',
    'that inherit their kind': '{"v":1,"kind":"constructor","at":1}',
    'that are no objects': '[1]',
    'that are no JSON': '{"v":1',
  })) {
    it(`refuses events ${what}`, () => {
      assert.throws(
        () => decodeEvent(text, 7),
        (error) => FailureError.is(error, 'journal'),
      );
    });
  }

  it('refuses a snapshot of a newer version', () => {
    assert.throws(
      () => decodeSnapshot(`{"v":${snapshotVersion + 1},"state":{}}`),
      (error) => FailureError.is(error, 'journal'),
    );
  });

  it('fills in what a snapshot of before could not say', async () => {
    const world = scripted({ flavour: 'ahds' });
    await world.create();
    const { state } = await readJournal(world.journal);
    const text = encodeSnapshot(state)
      .replace(`"v":${snapshotVersion}`, '"v":1')
      .replace(',"requestsAtOnce":10', '')
      .replace(',"nice":1', '');
    assert.ok(!text.includes('requestsAtOnce') && !text.includes('"nice"'));
    assert.deepEqual(plain(decodeSnapshot(text)), plain(state));
  });

  it('refuses a journal that does not begin with a creation', async () => {
    const world = scripted({ flavour: 'ahds' });
    await assert.rejects(readJournal(world.journal), (error) => FailureError.is(error, 'journal'));
  });
});
