import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../../src/cli/session.ts';
import type { MigrationOverview } from '../../../src/engine/overview.ts';
import type { SettingsChange } from '../../../src/engine/sync/settings.ts';
import type { MigrationHandle, Services } from '../../../src/services/contract.ts';
import { handleOf, overviewOf } from './fakeServices.ts';
import { run } from './runCommand.ts';

type Sync = NonNullable<MigrationOverview['sync']>;
type Asked = NonNullable<MigrationOverview['finish']>;

const syncOf = (more: Partial<Sync> = {}): Sync => ({
  purpose: 'cutover',
  lagTargetMs: 900_000,
  copiedUntil: Date.UTC(2026, 4, 4, 12),
  lagMs: 421_300,
  exact: true,
  nextWindowAt: undefined,
  ...more,
});
const finishOf = (more: Partial<Asked> = {}): Asked => ({
  state: 'draining',
  requestedAt: Date.UTC(2026, 4, 4, 12),
  frozenAt: Date.UTC(2026, 4, 4, 12),
  drainedAt: undefined,
  checkedAt: undefined,
  freezeToDoneMs: undefined,
  newestBefore: Date.UTC(2026, 4, 4, 11),
  newestAfter: Date.UTC(2026, 4, 4, 11),
  changes: 0,
  by: 'search',
  ...more,
});

/** A migration in sync that goes through some states as soon as it is asked to finish. */
function following(states: readonly Partial<MigrationOverview>[]): Partial<Services> & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  let overview = overviewOf({ phase: 'syncing', sync: syncOf() });
  const listeners = new Set<() => void>();
  const handle: MigrationHandle = {
    ...handleOf(overview),
    overview: () => overview,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    control: (request) => (asked.push(request), Promise.resolve()),
    finish: (frozenAt) => {
      asked.push({ frozenAt });
      queueMicrotask(() => {
        for (const state of states) {
          overview = overviewOf({ sync: syncOf(), ...state });
          for (const listener of listeners) listener();
        }
      });
      return Promise.resolve();
    },
    change: (settings: SettingsChange) => (asked.push(settings), Promise.resolve()),
  };
  return { openMigration: () => Promise.resolve(handle), asked };
}

describe('fhir-migration finish', () => {
  const on = { phase: 'finishing', finish: finishOf() } as const;

  it('waits for the proof and the end, and tells the figures', async () => {
    const frozen = finishOf({ state: 'frozen', freezeToDoneMs: 308_000 });
    const services = following([on, { phase: 'checking', finish: frozen }, { phase: 'complete', finish: frozen }]);
    const { code, out } = await run(services, ['finish', 'm1', '--frozen-at', '2026-05-04T12:00:00Z']);
    assert.equal(code, 0);
    assert.deepEqual(services.asked, [{ frozenAt: Date.UTC(2026, 4, 4, 12) }]);
    assert.match(
      out,
      /Freeze proved: newest change before 2026-05-04T11.*after 2026-05-04T11.*freeze to done: 5 min 08 s/,
    );
  });

  it('ends with 1 when the source was written after all', async () => {
    const written = finishOf({ state: 'written', changes: 3, newestAfter: Date.UTC(2026, 4, 4, 12, 1) });
    const services = following([on, { phase: 'syncing', finish: written }]);
    const { code, records } = await run(services, ['finish', '--json', 'm1']);
    assert.equal(code, 1);
    assert.deepEqual(
      records.filter(({ event }) => event === 'finish').map(({ phase }) => phase),
      ['syncing'],
    );
  });

  it('ends with 1 when a window needs a person', async () => {
    const { code } = await run(following([on, { phase: 'needsAttention', finish: finishOf() }]), ['finish', 'm1']);
    assert.equal(code, 1);
  });

  it('is for migrations that are kept in sync, and for a freeze that has begun', async () => {
    const complete: Partial<Services> = { openMigration: () => Promise.resolve(handleOf(overviewOf())) };
    await assert.rejects(run(complete, ['finish', 'm1']), UsageError);
    await assert.rejects(run(following([]), ['finish', 'm1', '--frozen-at', '2999-01-01T00:00:00Z']), UsageError);
  });

  it('can be withdrawn once it was asked for', async () => {
    await assert.rejects(run(following([]), ['finish', 'm1', '--withdraw']), UsageError);
    const asked: string[] = [];
    const handle = {
      ...handleOf(overviewOf({ phase: 'finishing', sync: syncOf(), finish: finishOf() })),
      control: (request: string) => (asked.push(request), Promise.resolve()),
    };
    const { code } = await run({ openMigration: () => Promise.resolve(handle) }, ['finish', 'm1', '--withdraw']);
    assert.equal(code, 0);
    assert.deepEqual(asked, ['keepSyncing']);
  });
});

describe('fhir-migration limits', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limits-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('shows what is in force, and asks the driver for what is to change', async () => {
    const services = following([]);
    const shown = await run(services, ['limits', 'm1']);
    assert.match(shown.out, /exports at once\s+1\n/);
    assert.match(shown.out, /calendar\s+none/);
    assert.doesNotMatch(shown.out, /exports start/);
    assert.deepEqual(services.asked, []);
    const file = join(folder, 'calendar.json');
    await writeFile(file, '{"timeZone":"Europe/Berlin","exports":[{"from":"18:00","till":"06:00"}]}');
    const words = ['limits', 'm1', '--exports', '3', '--nice', '2.5', '--calendar', file];
    assert.equal((await run(services, words)).code, 0);
    assert.equal((await run(services, ['limits', 'm1', '--calendar', 'none'])).code, 0);
    assert.deepEqual(services.asked, [
      {
        exportsAtOnce: 3,
        nice: 2.5,
        calendar: { timeZone: 'Europe/Berlin', exports: [{ from: '18:00', till: '06:00' }], running: 'drain' },
      },
      { calendar: null },
    ]);
  });

  it('refuses what is no limit', async () => {
    for (const words of [
      ['--exports', '0'],
      ['--nice', '11'],
      ['--lag-target', '300'],
      ['--calendar', 'nowhere'],
    ]) {
      await assert.rejects(run(following([]), ['limits', 'm1', ...words]), UsageError, words.join(' '));
    }
  });
});

describe('fhir-migration status', () => {
  it('tells how far a copy is behind', async () => {
    const list = (sync: Sync): Partial<Services> => ({
      listMigrations: () => Promise.resolve([handleOf(overviewOf({ phase: 'syncing', sync, finish: undefined }))]),
    });
    const kept = await run(list(syncOf()), ['status']);
    assert.match(kept.out, /in sync · .* · copy lag 421 s/);
    assert.match(kept.out, /Copied until: 2026-05-04T12:00:00.000Z \(copy lag 421 s, at most 15 min 00 s wanted\)/);
    const follower = await run(list(syncOf({ purpose: 'follow', exact: false })), ['status']);
    assert.match(follower.out, /recovery point 421 s/);
    assert.match(follower.out, /exports show the present/);
  });

  it('tells why migrations wait, of one and of several', async () => {
    const slow = { phase: 'backlog', waiting: 'Throttled by contoso until 14:05.' } as const;
    const closed = { phase: 'backlog', waiting: 'Outside window for exports until 18:00.' } as const;
    const one = await run({ listMigrations: () => Promise.resolve([handleOf(overviewOf(slow))]) }, ['status']);
    assert.match(one.out, /resources · .*Throttled by contoso until 14:05\./);
    const both = [handleOf(overviewOf(slow)), handleOf(overviewOf(closed))];
    const several = await run({ listMigrations: () => Promise.resolve(both) }, ['status']);
    assert.match(several.out, /^\S+: Throttled by contoso until 14:05\.$/m);
    assert.match(several.out, /^\S+: Outside window for exports until 18:00\.$/m);
  });
});
