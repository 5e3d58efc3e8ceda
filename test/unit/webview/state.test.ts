import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packWindow, windowStates, type HostMessage, type PatchMessage } from '../../../webview/protocol.ts';
import {
  initialState,
  reduce,
  type Live,
  type PanelEvent,
  type PanelState,
  type Step,
} from '../../../webview/state.ts';
import { init, patch, snapshot, windowRow } from './messages.ts';

const message = (each: HostMessage, at = 0): PanelEvent => ({ type: 'message', message: each, at });

function after(...events: readonly PanelEvent[]): Step {
  return events.reduce<Step>(({ state }, event) => reduce(state, event), { state: initialState(undefined), send: [] });
}

function live(state: PanelState): Live {
  assert.ok(state.content.kind === 'live');
  return state.content;
}

describe('the state of the panel', () => {
  it('is loading until a snapshot comes', () => {
    assert.equal(after(message(init())).state.content.kind, 'loading');
    assert.equal(after(message(init()), message(snapshot())).state.content.kind, 'live');
  });

  it('replaces the sections that a patch names and keeps the others', () => {
    const { sections } = live(after(message(snapshot()), message(patch({ notes: ['Another.'] }))).state);
    assert.deepEqual(sections.notes, ['Another.']);
    assert.deepEqual(sections.progress, snapshot().progress);
  });

  it('asks for a snapshot when a patch is for another revision, and changes nothing', () => {
    const before = after(message(snapshot()));
    const step = reduce(before.state, message(patch({ base: 7, notes: ['Lost.'] })));
    assert.deepEqual(step.send, [{ type: 'ready', version: 1 }]);
    assert.equal(step.state, before.state);
  });

  it('asks for a snapshot when a patch comes first', () => {
    assert.deepEqual(after(message(patch())).send, [{ type: 'ready', version: 1 }]);
  });

  it('knows how far the clock here is from the host’s', () => {
    assert.equal(live(after(message(snapshot({ now: 5_000 }), 3_000)).state).clockOffset, 2_000);
  });

  it('says that a migration is gone, and comes back with the next snapshot', () => {
    const gone = after(message(snapshot()), message({ type: 'gone', version: 1, reason: 'Removed.' }));
    assert.deepEqual(gone.state.content, { kind: 'gone', reason: 'Removed.', name: undefined });
    assert.equal(reduce(gone.state, message(snapshot())).state.content.kind, 'live');
  });

  it('tells the host how the user looks at it, and takes it back from the host for another migration', () => {
    const step = after(message(init()), { type: 'tab', tab: 'types' });
    assert.deepEqual(step.send, [{ type: 'saveView', version: 1, view: { tab: 'types', filter: 'all' } }]);
    const other = reduce(step.state, message(init({ migrationId: 'm-2', view: { tab: 'details', filter: 'active' } })));
    assert.deepEqual(other.state.view, { tab: 'details', filter: 'active' });
  });

  it('prefers what the page itself remembers over what the host does', () => {
    const start = initialState({ migrationId: 'm-1', view: { tab: 'types', filter: 'finished' } });
    const { state } = reduce(start, message(init({ view: { tab: 'windows', filter: 'all' } })));
    assert.deepEqual(state.view, { tab: 'types', filter: 'finished' });
  });

  it('asks for the details of a window once, and takes the one answer to the last question', () => {
    const opened = after(message(snapshot()), { type: 'open', window: 'w1', focus: false });
    assert.deepEqual(opened.send, [{ type: 'ask', version: 1, id: 1, window: 'w1' }]);
    const second = reduce(opened.state, { type: 'open', window: 'w2', focus: false });
    const late = reduce(second.state, message({ type: 'answer', version: 1, id: 1, detail: { files: 9 } }));
    assert.equal(late.state.open?.detail, undefined);
    const answered = reduce(late.state, message({ type: 'answer', version: 1, id: 2, detail: { files: 3 } }));
    assert.deepEqual(answered.state.open, { id: 'w2', asked: undefined, detail: { files: 3 } });
  });

  it('asks again when the open window changes, and keeps the old details until the answer', () => {
    const { state } = after(
      message(snapshot()),
      { type: 'open', window: 'w1', focus: false },
      message({ type: 'answer', version: 1, id: 1, detail: { files: 3 } }),
    );
    const changed = patch({ windows: [packWindow(windowRow('w1', { state: 'done' }))] });
    const step = reduce(state, message(changed));
    assert.deepEqual(step.send, [{ type: 'ask', version: 1, id: 2, window: 'w1' }]);
    assert.deepEqual(step.state.open?.detail, { files: 3 });
    assert.equal(step.state.activeWindow, 'w1');
  });

  it('closes the details of a window that is gone', () => {
    const { state } = after(message(snapshot()), { type: 'open', window: 'w1', focus: false });
    assert.equal(reduce(state, message(patch({ removed: ['w1'] }))).state.open, undefined);
    assert.equal(reduce(state, message(snapshot({ windows: [] }))).state.open, undefined);
  });

  it('wishes for the focus each time anew', () => {
    const first = after(message(snapshot()), { type: 'activate', window: 'w1' });
    const second = reduce(first.state, { type: 'activate', window: 'w2' });
    assert.notEqual(first.state.focus.wish, second.state.focus.wish);
    assert.equal(reduce(second.state, { type: 'open', window: 'w2', focus: true }).state.focus.target, 'detail');
    assert.equal(reduce(second.state, { type: 'close' }).state.focus.target, 'row');
  });

  it('sends an action with what it is about', () => {
    const step = after({ type: 'act', action: 'retry', about: { window: 'w1' } });
    assert.deepEqual(step.send, [{ type: 'action', version: 1, action: 'retry', about: { window: 'w1' } }]);
  });

  it('shows after patches what a snapshot of the same would show', () => {
    const row = fc.record({
      number: fc.nat(30),
      since: fc.option(fc.nat(50), { nil: undefined }),
      state: fc.constantFrom(...windowStates),
    });
    const change = fc.record({
      rows: fc.array(row, { maxLength: 8 }),
      removed: fc.array(fc.nat(30), { maxLength: 3 }),
    });
    const filter = fc.constantFrom('all', 'active', 'waiting', 'attention', 'finished');
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), filter, (changes, wanted) => {
        let state = after(message(snapshot({ windows: [] })), { type: 'filter', filter: wanted as 'all' }).state;
        const truth = new Map<string, ReturnType<typeof windowRow>>();
        changes.forEach(({ rows, removed }, index) => {
          const windows = rows.map(({ number, since, state: is }) =>
            windowRow(`w${number}`, { since, till: (since ?? 0) + 5, state: is }),
          );
          const gone = removed.map((number) => `w${number}`);
          windows.forEach((each) => truth.set(each.id, each));
          gone.forEach((id) => truth.delete(id));
          const next: PatchMessage = patch({
            base: index + 1,
            revision: index + 2,
            windows: windows.map(packWindow),
            removed: gone,
          });
          state = reduce(state, message(next)).state;
        });
        const fresh = reduce(state, message(snapshot({ windows: [...truth.values()].map(packWindow) }))).state;
        assert.deepEqual(live(state).windows, live(fresh).windows);
        assert.deepEqual(live(state).shown, live(fresh).shown);
      }),
    );
  });

  it('never changes a state that it was given', () => {
    const frozen = deepFreeze(after(message(init()), message(snapshot())).state);
    const events: readonly PanelEvent[] = [
      message(patch({ windows: [packWindow(windowRow('w9'))], removed: ['w1'] })),
      { type: 'filter', filter: 'attention' },
      { type: 'tab', tab: 'details' },
      { type: 'open', window: 'w1', focus: true },
      { type: 'scroll', top: 3, height: 4 },
      { type: 'close' },
    ];
    for (const event of events) assert.doesNotThrow(() => reduce(frozen, event));
  });
});

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
