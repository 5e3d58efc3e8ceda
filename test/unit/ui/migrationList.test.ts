import assert from 'node:assert/strict';
import { migrationId } from '../../../src/engine/ids.ts';
import type { MigrationOverview } from '../../../src/engine/overview.ts';
import type { ControlRequest, Driver } from '../../../src/engine/ports.ts';
import { FailureError } from '../../../src/failure/failure.ts';
import type { MigrationHandle, Services } from '../../../src/services/contract.ts';
import { MigrationList, type PhaseChange } from '../../../src/ui/migrations/migrationList.ts';
import { noticeOf } from '../../../src/ui/migrations/notices.ts';
import { offerToResume, type ResumeOfferPorts } from '../../../src/ui/migrations/resumeOffer.ts';
import { UnfinishedMarkers } from '../../../src/ui/migrations/unfinished.ts';
import { ScriptedPrompts, type Line } from '../../host/scriptedPrompts.ts';
import { ManualTimers } from './manualTimers.ts';
import { failure, overview } from './samples.ts';

/** A migration whose state the test sets. */
class FakeHandle implements MigrationHandle {
  readonly id;
  readonly asked: ControlRequest[] = [];
  drivenHere = false;
  disposed = false;
  #overview: MigrationOverview;
  #driver: Driver | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(id: string, change: Partial<MigrationOverview> = {}) {
    this.id = migrationId(id);
    this.#overview = overview({ id: this.id, name: id, ...change });
  }

  set(change: Partial<MigrationOverview>, driver?: 'here' | 'none' | Driver): void {
    this.#overview = { ...this.#overview, ...change };
    if (driver !== undefined) {
      this.drivenHere = driver === 'here';
      this.#driver = typeof driver === 'string' ? undefined : driver;
    }
    for (const listener of this.#listeners) listener();
  }

  overview = (): MigrationOverview => this.#overview;
  driver = (): Driver | undefined => this.#driver;
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  tell(): Promise<void> {
    return Promise.resolve();
  }
  readonly journalAt = { place: 'file' } as const;
  isApproved = (): Promise<boolean> => Promise.resolve(true);
  approve = (): Promise<void> => Promise.resolve();
  move = (): Promise<void> => Promise.resolve();
  finish = (): Promise<void> => Promise.resolve();
  change = (): Promise<void> => Promise.resolve();
  stop = (): Promise<void> => Promise.resolve();
  failedLines = (): AsyncIterable<never> =>
    new ReadableStream<never>({
      start: (stream) => {
        stream.close();
      },
    });
  acceptLines = (): Promise<void> => Promise.resolve();

  control(request: ControlRequest): Promise<void> {
    this.asked.push(request);
    return Promise.resolve();
  }
  stopped = (): Promise<MigrationOverview> => Promise.resolve(this.#overview);
  leftovers = () => Promise.resolve({ exportJobs: [], errorFiles: [], retried: [], unreadable: 0 });
  journal = () => Promise.resolve([]);
  detach = () => Promise.resolve();
  dispose(): void {
    this.disposed = true;
  }
}

function world(handles: FakeHandle[], change: { mayHaveAny?: boolean; unreadable?: string[] } = {}) {
  const timers = new ManualTimers();
  let loads = 0;
  const services = {
    listMigrations: (problem: (id: string, failed: ReturnType<typeof failure>) => void) => {
      for (const id of change.unreadable ?? []) problem(id, failure({ kind: 'journal' }));
      return Promise.resolve(handles);
    },
    openMigration: (id: string) => {
      const handle = handles.find((each) => each.id === id);
      if (handle !== undefined) return Promise.resolve(handle);
      return Promise.reject(new FailureError(failure({ kind: id === 'damaged' ? 'journal' : 'notFound' })));
    },
  } as unknown as Services;
  const list = new MigrationList({
    services: () => {
      loads++;
      return Promise.resolve(services);
    },
    mayHaveAny: () => Promise.resolve(change.mayHaveAny ?? true),
    timers,
    clock: timers,
  });
  return { list, timers, loads: () => loads };
}

describe('the list of migrations', () => {
  it('loads nothing while there can be no journal', async () => {
    const { list, loads } = world([], { mayHaveAny: false });
    await list.load();
    assert.deepEqual([list.states, loads()], [[], 0]);
  });

  it('shows every migration, and those that cannot be read with the reason', async () => {
    const { list } = world([new FakeHandle('a'), new FakeHandle('b')], { unreadable: ['c'] });
    await list.load();
    assert.deepEqual(
      list.states?.map(({ overview: { name } }) => name),
      ['a', 'b'],
    );
    assert.deepEqual([...list.unreadable.keys()], ['c']);
  });

  it('follows what changes, and tells of phases with who drove', async () => {
    const handle = new FakeHandle('a');
    handle.set({}, 'here');
    const { list, timers } = world([handle]);
    const changes: PhaseChange[] = [];
    list.onPhase((each) => changes.push(each));
    await list.load();
    timers.pass(1_000);
    handle.set({ phase: 'checking' });
    handle.set({ phase: 'checking' }, 'none');
    handle.set({ phase: 'complete' });
    assert.deepEqual(
      changes.map(({ before, state, wasDrivenHere }) => [before, state.overview.phase, wasDrivenHere]),
      [
        [undefined, 'backlog', true],
        ['backlog', 'checking', true],
        ['checking', 'complete', true],
      ],
    );
  });

  it('does not count a migration as driven here after another window took it', async () => {
    const handle = new FakeHandle('a');
    handle.set({}, 'here');
    const { list, timers } = world([handle]);
    const changes: PhaseChange[] = [];
    list.onPhase((each) => changes.push(each));
    await list.load();
    handle.set({}, { id: 'other', fence: 2, expiresAt: timers.now() + 60_000 });
    handle.set({ phase: 'complete' }, 'none');
    assert.equal(changes.at(-1)?.wasDrivenHere, false);
  });

  it('notices by itself that the lease of another driver has run out', async () => {
    const handle = new FakeHandle('a');
    const { list, timers } = world([handle]);
    handle.set({}, { id: 'other', fence: 2, expiresAt: timers.now() + 60_000 });
    await list.load();
    assert.equal(list.state('a')?.driven, 'other');
    let redrawn = 0;
    list.onChange(() => redrawn++);
    timers.pass(61_000);
    assert.equal(list.state('a')?.driven, 'none');
    assert.ok(redrawn > 0);
  });

  it('redraws at most four times a second', async () => {
    const handle = new FakeHandle('a');
    const { list, timers } = world([handle]);
    await list.load();
    timers.pass(1_000);
    let redrawn = 0;
    list.onChange(() => redrawn++);
    for (let step = 0; step < 100; step++) {
      handle.set({ journalLength: step });
      timers.pass(10);
    }
    timers.pass(1_000);
    assert.ok(redrawn <= 6, `${redrawn} redraws`);
    assert.equal(list.state('a')?.overview.journalLength, 99);
  });

  it('lets go of its handles when it forgets them', async () => {
    const handle = new FakeHandle('a');
    const { list } = world([handle]);
    await list.load();
    list.forget();
    assert.deepEqual([handle.disposed, list.states], [true, undefined]);
  });
});

describe('the message at the end', () => {
  const change = (phase: MigrationOverview['phase'], extra: Partial<PhaseChange> = {}): PhaseChange => ({
    state: { overview: overview({ phase }), driven: 'none' },
    before: 'checking',
    wasDrivenHere: true,
    ...extra,
  });

  it('comes once, with the summary, from the window that drove', () => {
    const notice = noticeOf(change('complete'));
    assert.equal(notice?.id, 'migration.complete');
    assert.equal(notice.buttons[0]?.id, 'summary');
    assert.equal(noticeOf(change('complete', { wasDrivenHere: false })), undefined);
    assert.equal(noticeOf(change('complete', { before: undefined })), undefined);
  });

  it('is a warning when a person must look, and is not sent for what the user asked', () => {
    assert.equal(noticeOf(change('needsAttention'))?.severity, 'warning');
    for (const phase of ['paused', 'cancelled', 'catchUp'] as const) assert.equal(noticeOf(change(phase)), undefined);
  });
});

function memoryFiles(files = new Map<string, string>()) {
  return {
    files,
    names: () => Promise.resolve([...files.keys()]),
    read: (name: string) => Promise.resolve(files.get(name) ?? ''),
    write: (name: string, text: string) => Promise.resolve(void files.set(name, text)),
    remove: (name: string) => Promise.resolve(void files.delete(name)),
  };
}

describe('the offer to resume', () => {
  async function offer(
    handles: FakeHandle[],
    markers: readonly string[],
    script: Readonly<Record<string, readonly Line[]>>,
    change: Partial<ResumeOfferPorts> = {},
  ) {
    const { list, timers, loads } = world(handles);
    const files = memoryFiles();
    const unfinished = new UnfinishedMarkers(files);
    for (const id of markers) await unfinished.set({ id, name: id, source: 's', target: 't' });
    const prompts = new ScriptedPrompts(script);
    const shown: string[] = [];
    await offerToResume({
      markers: unfinished,
      migrations: list,
      prompts: () => prompts,
      choice: () => 'ask',
      timers,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      show: (id) => Promise.resolve(void shown.push(id)),
      present: () => Promise.resolve(),
      ...change,
    });
    return { prompts, files: files.files, timers, loads, shown };
  }

  it('looks at one folder and loads nothing when nothing was driven', async () => {
    const { loads } = await offer([], [], {});
    assert.equal(loads(), 0);
  });

  it('asks once for all that were interrupted, and resumes them', async () => {
    const handles = [new FakeHandle('a'), new FakeHandle('b')];
    const { prompts } = await offer(handles, ['a', 'b'], { resumeOffer: ['resume'] });
    assert.deepEqual(
      handles.map(({ asked }) => asked),
      [['resume'], ['resume']],
    );
    assert.equal(prompts.asked.length, 1);
  });

  it('resumes by itself, or not at all, as the setting says', async () => {
    const always = new FakeHandle('a');
    await offer([always], ['a'], {}, { choice: () => 'always' });
    assert.deepEqual(always.asked, ['resume']);
    const never = new FakeHandle('a');
    await offer([never], ['a'], {}, { choice: () => 'never' });
    assert.deepEqual(never.asked, []);
  });

  it('opens the migration when the user wants to see it first', async () => {
    const { shown } = await offer([new FakeHandle('a')], ['a'], { resumeOffer: ['show'] });
    assert.deepEqual(shown, ['a']);
  });

  it('only watches a migration that another window drives, and offers it when that window is gone', async () => {
    const handle = new FakeHandle('a');
    handle.set({}, { id: 'other', fence: 1, expiresAt: new ManualTimers().now() + 30_000 });
    const { prompts, timers } = await offer([handle], ['a'], { resumeOffer: [undefined] });
    assert.equal(prompts.asked.length, 0);
    timers.pass(40_000);
    assert.equal(prompts.asked.length, 1);
  });

  it('offers it at once when the other window lets go before its time, unless it takes up again', async () => {
    const handle = new FakeHandle('a');
    const driver = { id: 'other', fence: 1, expiresAt: new ManualTimers().now() + 60_000 };
    handle.set({}, driver);
    const { prompts, timers } = await offer([handle], ['a'], { resumeOffer: [undefined] });
    handle.set({}, 'none');
    timers.pass(500);
    handle.set({}, { ...driver, fence: 2 });
    timers.pass(5_000);
    assert.equal(prompts.asked.length, 0);
    handle.set({}, 'none');
    timers.pass(5_000);
    assert.equal(prompts.asked.length, 1);
  });

  it('offers nothing that came to its end elsewhere, or that is driven here by then', async () => {
    const [ended, taken] = [new FakeHandle('ended'), new FakeHandle('taken')];
    for (const handle of [ended, taken])
      handle.set({}, { id: 'other', fence: 1, expiresAt: new ManualTimers().now() + 60_000 });
    const { prompts, timers } = await offer([ended, taken], ['ended', 'taken'], {});
    ended.set({ phase: 'complete' }, 'none');
    taken.set({}, 'here');
    timers.pass(5_000);
    taken.set({}, 'none');
    timers.pass(100_000);
    assert.equal(prompts.asked.length, 0);
  });

  it('forgets marks of migrations that ended or are gone, and keeps those it cannot read', async () => {
    const paused = new FakeHandle('paused', { phase: 'paused' });
    const { files, prompts } = await offer([paused], ['paused', 'gone', 'damaged'], {});
    assert.deepEqual([...files.keys()], ['damaged.json']);
    assert.equal(prompts.asked.length, 0);
  });
});

describe('marks of unfinished migrations', () => {
  it('survive damage, and ignore what is no mark', async () => {
    const files = new Map([
      ['a.json', '{'],
      ['b.json', '{"name":"B","source":"s","target":"t"}'],
      ['notes.txt', ''],
      ['../x.json', '{}'],
    ]);
    const found = await new UnfinishedMarkers(memoryFiles(files)).list();
    assert.deepEqual(
      found.map(({ id, name }) => [id, name]),
      [
        ['a', 'a'],
        ['b', 'B'],
      ],
    );
  });

  it('are written and removed in the order asked for', async () => {
    const files = memoryFiles();
    const markers = new UnfinishedMarkers(files);
    void markers.set({ id: 'a', name: 'a', source: 's', target: 't' });
    await markers.clear('a');
    assert.equal(files.files.size, 0);
  });
});
