import { protocolVersion, type HostMessage, type PackedWindow, type SavedView } from '../../../webview/protocol.ts';
import type { MigrationState } from '../migrations/migrationState.ts';
import { Throttle, type Timers } from '../platform/throttle.ts';
import { projectSections, projectWindows, windowDetail, type PanelSections } from './project.ts';

/** What one panel's feed needs of the outside. */
export interface PanelFeedPorts {
  /** The migration now; undefined when it is not there any more. */
  state(): MigrationState | undefined;
  post(message: HostMessage): void;
  readonly timers: Timers;
  readonly migrationId: string;
  readonly locale: string;
  readonly strings: Readonly<Record<string, string>>;
  /** How the user looked at this migration last. */
  view(): SavedView | undefined;
  /** Why there is nothing to show, one sentence. */
  goneReason(): string;
}

/** Patches are sent at most this often: four a second. */
const patchIntervalMs = 250;

interface Sent {
  readonly revision: number;
  readonly sections: ReadonlyMap<string, string>;
  readonly windows: ReadonlyMap<string, PackedWindow>;
}

/**
 * Keeps a page up to date: a snapshot when it is ready or becomes visible, patches of what changed in between, nothing
 * while it is hidden. The newest state wins; states in between are never sent.
 */
export class PanelFeed {
  readonly #ports: PanelFeedPorts;
  readonly #throttle: Throttle;
  #ready = false;
  #visible = true;
  #sent: Sent | undefined;
  #revision = 0;
  #gone = false;

  constructor(ports: PanelFeedPorts) {
    this.#ports = ports;
    this.#throttle = new Throttle(patchIntervalMs, () => this.#sendPatch(), ports.timers);
  }

  /** The page is loaded, or has lost the thread. */
  ready(): void {
    this.#ready = true;
    const { migrationId, locale, strings } = this.#ports;
    const view = this.#ports.view();
    this.#post({
      type: 'init',
      version: protocolVersion,
      migrationId,
      locale,
      strings: { ...strings },
      ...(view === undefined ? {} : { view }),
    });
    this.#sendSnapshot();
  }

  /** A hidden page is taken down by the editor: it says `ready` again when it is back. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) return;
    this.#throttle.dispose();
    this.#ready = false;
    this.#sent = undefined;
  }

  /** The migration changed. */
  changed(): void {
    if (this.#ready && this.#visible) this.#throttle.request();
  }

  answer(id: number, window: string): void {
    const state = this.#ports.state();
    const detail = state === undefined ? undefined : windowDetail(state.overview, window);
    this.#post({ type: 'answer', version: protocolVersion, id, ...(detail === undefined ? {} : { detail }) });
  }

  dispose(): void {
    this.#throttle.dispose();
    this.#ready = false;
  }

  #sendSnapshot(): void {
    const state = this.#ports.state();
    if (state === undefined) {
      this.#sayGone();
      return;
    }
    this.#gone = false;
    const sections = projectSections(state);
    const windows = projectWindows(state.overview);
    this.#remember(sections, windows);
    this.#post({
      type: 'snapshot',
      version: protocolVersion,
      revision: this.#revision,
      now: this.#ports.timers.now(),
      ...sections,
      windows: [...windows.values()],
    });
  }

  #sendPatch(): void {
    if (!this.#ready || !this.#visible) return;
    const sent = this.#sent;
    const state = this.#ports.state();
    if (state === undefined) {
      this.#sayGone();
      return;
    }
    if (sent === undefined) {
      this.#sendSnapshot();
      return;
    }
    const sections = projectSections(state);
    const windows = projectWindows(state.overview);
    const changedSections: Partial<PanelSections> = Object.fromEntries(
      Object.entries(sections).filter(([name, value]) => sent.sections.get(name) !== JSON.stringify(value)),
    );
    const changedWindows = [...windows].filter(([id, packed]) => !samePacked(sent.windows.get(id), packed));
    const removed = [...sent.windows.keys()].filter((id) => !windows.has(id));
    if (Object.keys(changedSections).length === 0 && changedWindows.length === 0 && removed.length === 0) return;
    this.#remember(sections, windows);
    this.#post({
      type: 'patch',
      version: protocolVersion,
      base: sent.revision,
      revision: this.#revision,
      now: this.#ports.timers.now(),
      ...changedSections,
      ...(changedWindows.length === 0 ? {} : { windows: changedWindows.map(([, packed]) => packed) }),
      ...(removed.length === 0 ? {} : { removed }),
    });
  }

  #remember(sections: PanelSections, windows: ReadonlyMap<string, PackedWindow>): void {
    this.#revision++;
    const texts = new Map(Object.entries(sections).map(([name, value]) => [name, JSON.stringify(value)]));
    this.#sent = { revision: this.#revision, sections: texts, windows };
  }

  #sayGone(): void {
    if (this.#gone) return;
    this.#gone = true;
    // A patch means nothing to a page that shows that everything is gone.
    this.#sent = undefined;
    this.#post({ type: 'gone', version: protocolVersion, reason: this.#ports.goneReason() });
  }

  #post(message: HostMessage): void {
    if (this.#visible) this.#ports.post(message);
  }
}

const samePacked = (a: PackedWindow | undefined, b: PackedWindow): boolean =>
  a?.every((value, index) => value === b[index]) ?? false;
