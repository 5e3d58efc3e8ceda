import {
  protocolVersion,
  type About,
  type Action,
  type HostMessage,
  type PatchMessage,
  type SavedView,
  type SnapshotMessage,
  type ViewMessage,
  type WindowDetail,
  type WindowRow,
} from './protocol.ts';
import { changeWindows, filterWindows, windowList, type WindowFilter, type WindowList } from './windowList.ts';

/** What a snapshot and its patches say of the migration, windows apart. */
export type Sections = Omit<SnapshotMessage, 'type' | 'version' | 'revision' | 'now' | 'windows'>;

/** The window whose details are open. */
export interface OpenWindow {
  readonly id: string;
  /** Number of the question that is under way, undefined once it is answered. */
  readonly asked: number | undefined;
  readonly detail: WindowDetail | undefined;
}

export interface Live {
  readonly kind: 'live';
  readonly revision: number;
  /** `host's clock - clock here` when the last message came, milliseconds. */
  readonly clockOffset: number;
  readonly sections: Sections;
  readonly windows: WindowList;
  /** What the filter leaves of the windows. */
  readonly shown: readonly WindowRow[];
}

export type Content =
  | { readonly kind: 'loading' }
  | { readonly kind: 'gone'; readonly reason: string; readonly name: string | undefined }
  | Live;

/** Everything that the page shows; a pure function of the messages and of what the user did. */
export interface PanelState {
  readonly content: Content;
  readonly migrationId: string | undefined;
  readonly locale: string;
  readonly view: SavedView;
  /** Id of the row that has, or gets, the keyboard's focus. */
  readonly activeWindow: string | undefined;
  readonly open: OpenWindow | undefined;
  readonly questions: number;
  /** How far the table of windows is scrolled, and how much of it is visible, pixels. */
  readonly scroll: { readonly top: number; readonly height: number };
  /** Where the keyboard's focus goes after the next rendering; each wish has its own number. */
  readonly focus: { readonly target: 'row' | 'detail' | undefined; readonly wish: number };
}

export type PanelEvent =
  | { readonly type: 'message'; readonly message: HostMessage; readonly at: number }
  | { readonly type: 'tab'; readonly tab: SavedView['tab'] }
  | { readonly type: 'filter'; readonly filter: WindowFilter }
  | { readonly type: 'activate'; readonly window: string }
  | { readonly type: 'open'; readonly window: string; readonly focus: boolean }
  | { readonly type: 'scroll'; readonly top: number; readonly height: number }
  | { readonly type: 'close' }
  | { readonly type: 'act'; readonly action: Action; readonly about: About | undefined }
  | { readonly type: 'link'; readonly href: string };

export interface Step {
  readonly state: PanelState;
  /** What the host is told. */
  readonly send: readonly ViewMessage[];
}

const version = protocolVersion;

/** The state before the host said anything; `remembered` is what the page kept from its last life. */
export function initialState(
  remembered: { readonly migrationId: string; readonly view: SavedView } | undefined,
): PanelState {
  return {
    content: { kind: 'loading' },
    migrationId: remembered?.migrationId,
    locale: 'en',
    view: remembered?.view ?? { tab: 'windows', filter: 'all' },
    activeWindow: undefined,
    open: undefined,
    questions: 0,
    scroll: { top: 0, height: 0 },
    focus: { target: undefined, wish: 0 },
  };
}

function focusOn(state: PanelState, target: 'row' | 'detail'): PanelState {
  return { ...state, focus: { target, wish: state.focus.wish + 1 } };
}

function ask(state: PanelState, window: string): Step {
  const id = state.questions + 1;
  const known = state.open?.id === window ? state.open.detail : undefined;
  return {
    state: { ...state, questions: id, open: { id: window, asked: id, detail: known } },
    send: [{ type: 'ask', version, id, window }],
  };
}

/** Details that are open are asked for again when their window changed. */
function refresh(state: PanelState, changed: (id: string) => boolean): Step {
  if (state.open === undefined || !changed(state.open.id)) return { state, send: [] };
  return ask(state, state.open.id);
}

function snapshot(state: PanelState, message: SnapshotMessage, at: number): Step {
  const { head, progress, operations, totals, throughput, attention, notes } = message;
  const windows = windowList(message.windows);
  const content: Live = {
    kind: 'live',
    revision: message.revision,
    clockOffset: message.now - at,
    sections: { head, progress, operations, totals, throughput, attention, notes },
    windows,
    shown: filterWindows(windows, state.view.filter),
  };
  const present = windows.rows.some(({ id }) => id === state.open?.id);
  return refresh({ ...state, content, open: present ? state.open : undefined }, () => present);
}

function patch(state: PanelState, message: PatchMessage, at: number): Step {
  const { content } = state;
  // A patch is of use only on top of the revision that it was made for.
  if (content.kind !== 'live' || content.revision !== message.base)
    return { state, send: [{ type: 'ready', version }] };
  const { windows: changed = [], removed = [] } = message;
  const windows = changeWindows(content.windows, changed, removed);
  const old = content.sections;
  const next: Live = {
    kind: 'live',
    revision: message.revision,
    clockOffset: message.now - at,
    sections: {
      head: message.head ?? old.head,
      progress: message.progress ?? old.progress,
      operations: message.operations ?? old.operations,
      totals: message.totals ?? old.totals,
      throughput: message.throughput ?? old.throughput,
      attention: message.attention ?? old.attention,
      notes: message.notes ?? old.notes,
    },
    windows,
    shown: windows === content.windows ? content.shown : filterWindows(windows, state.view.filter),
  };
  const open = state.open !== undefined && removed.includes(state.open.id) ? undefined : state.open;
  return refresh({ ...state, content: next, open }, (id) => changed.some(([changedId]) => changedId === id));
}

function receive(state: PanelState, message: HostMessage, at: number): Step {
  switch (message.type) {
    case 'init': {
      const same = state.migrationId === message.migrationId;
      const view = same ? state.view : (message.view ?? state.view);
      return { state: { ...state, migrationId: message.migrationId, locale: message.locale, view }, send: [] };
    }
    case 'snapshot':
      return snapshot(state, message, at);
    case 'patch':
      return patch(state, message, at);
    case 'gone':
      return {
        state: { ...state, content: { kind: 'gone', reason: message.reason, name: message.name }, open: undefined },
        send: [],
      };
    case 'answer':
      if (state.open?.asked !== message.id) return { state, send: [] };
      return { state: { ...state, open: { ...state.open, asked: undefined, detail: message.detail } }, send: [] };
  }
}

function look(state: PanelState, view: SavedView): Step {
  return { state: { ...state, view }, send: [{ type: 'saveView', version, view }] };
}

/** The next state, and what the host is told on the way. */
export function reduce(state: PanelState, event: PanelEvent): Step {
  switch (event.type) {
    case 'message':
      return receive(state, event.message, event.at);
    case 'tab':
      return look(state, { ...state.view, tab: event.tab });
    case 'filter': {
      const step = look(state, { ...state.view, filter: event.filter });
      const { content } = step.state;
      if (content.kind !== 'live') return step;
      const shown = filterWindows(content.windows, event.filter);
      return { ...step, state: { ...step.state, content: { ...content, shown }, scroll: { ...state.scroll, top: 0 } } };
    }
    case 'activate':
      return { state: focusOn({ ...state, activeWindow: event.window }, 'row'), send: [] };
    case 'open':
      return ask({ ...(event.focus ? focusOn(state, 'detail') : state), activeWindow: event.window }, event.window);
    case 'close':
      return { state: focusOn({ ...state, open: undefined }, 'row'), send: [] };
    case 'scroll':
      return { state: { ...state, scroll: { top: event.top, height: event.height } }, send: [] };
    case 'act':
      return { state, send: [{ type: 'action', version, action: event.action, about: event.about }] };
    case 'link':
      return { state, send: [{ type: 'openLink', version, href: event.href }] };
  }
}
