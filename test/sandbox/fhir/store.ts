import type { FhirStore, StoredVersion } from '../contract.ts';
import { Timeline } from './timeline.ts';

/** A store whose versions can also be read in time order. */
export interface TimeOrderedStore extends FhirStore {
  /** Current versions of a type, deleted ones included, by time, then id. Valid until the next write. */
  currentsByTime(type: string): readonly StoredVersion[];
  /** Every version of a type by time, then id, then version. Valid until the next write. */
  versionsByTime(type: string): readonly StoredVersion[];
}

/** Most resources have one version: it is kept bare. More are kept in ascending order of version number. */
type Held = StoredVersion | StoredVersion[];

interface Shelf {
  readonly held: Map<string, Held>;
  /** Made at the first question for an order. */
  currents: Timeline | undefined;
  all: Timeline | undefined;
}

/** An empty store. About 250 bytes beside its JSON text per resource with one version. */
export function createStore(): TimeOrderedStore {
  return new MemoryStore();
}

class MemoryStore implements TimeOrderedStore {
  private readonly shelves = new Map<string, Shelf>();
  private readonly versionIds = new Map<string, string>();
  private currentCount = 0;
  private versionCount = 0;

  get size(): { current: number; versions: number } {
    return { current: this.currentCount, versions: this.versionCount };
  }

  current(type: string, id: string): StoredVersion | undefined {
    const held = this.shelves.get(type)?.held.get(id);
    return held === undefined ? undefined : newest(held);
  }

  versions(type: string, id: string): readonly StoredVersion[] {
    const held = this.shelves.get(type)?.held.get(id);
    if (held === undefined) return [];
    return Array.isArray(held) ? held : [held];
  }

  put(version: StoredVersion): void {
    if (!/^-?\d+$/.test(version.versionId)) throw new RangeError(`Version ${version.versionId} is not an integer.`);
    const shelf = this.shelf(version.type);
    const held = shelf.held.get(version.id);
    const stored = this.compact(version);
    if (held === undefined) {
      shelf.held.set(stored.id, stored);
      this.currentCount += 1;
      this.versionCount += 1;
      shelf.currents?.add(stored);
    } else {
      this.putBeside(shelf, held, stored);
    }
    shelf.all?.add(stored);
  }

  purge(type: string, id: string): boolean {
    const shelf = this.shelves.get(type);
    const held = shelf?.held.get(id);
    if (shelf === undefined || held === undefined) return false;
    shelf.held.delete(id);
    this.currentCount -= 1;
    const versions = Array.isArray(held) ? held : [held];
    this.versionCount -= versions.length;
    for (const version of versions) shelf.all?.remove(version);
    shelf.currents?.remove(newest(held));
    if (shelf.held.size === 0) this.shelves.delete(type);
    return true;
  }

  types(): readonly string[] {
    return [...this.shelves.keys()].sort();
  }

  *currents(type: string): Iterable<StoredVersion> {
    for (const held of this.shelves.get(type)?.held.values() ?? []) yield newest(held);
  }

  *everyVersion(type: string): Iterable<StoredVersion> {
    for (const held of this.shelves.get(type)?.held.values() ?? []) {
      if (Array.isArray(held)) yield* held;
      else yield held;
    }
  }

  currentsByTime(type: string): readonly StoredVersion[] {
    const shelf = this.shelves.get(type);
    if (shelf === undefined) return [];
    shelf.currents ??= timelineOf(this.currents(type));
    return shelf.currents.view();
  }

  versionsByTime(type: string): readonly StoredVersion[] {
    const shelf = this.shelves.get(type);
    if (shelf === undefined) return [];
    shelf.all ??= timelineOf(this.everyVersion(type));
    return shelf.all.view();
  }

  private putBeside(shelf: Shelf, held: Held, stored: StoredVersion): void {
    const versions = Array.isArray(held) ? held : [held];
    const before = newest(held);
    const number = Number(stored.versionId);
    const at = versions.findIndex((other) => Number(other.versionId) >= number);
    const same = versions[at];
    if (same !== undefined && Number(same.versionId) === number) {
      versions[at] = stored;
      shelf.all?.remove(same);
    } else {
      versions.splice(at < 0 ? versions.length : at, 0, stored);
      this.versionCount += 1;
    }
    shelf.held.set(stored.id, versions.length === 1 ? stored : versions);
    const after = newest(versions);
    if (after === before) return;
    shelf.currents?.remove(before);
    shelf.currents?.add(after);
  }

  private shelf(type: string): Shelf {
    let shelf = this.shelves.get(type);
    if (shelf === undefined) {
      shelf = { held: new Map(), currents: undefined, all: undefined };
      this.shelves.set(type, shelf);
    }
    return shelf;
  }

  /** One object shape for all, with version texts shared, whatever object the caller made. */
  private compact({ type, id, versionId, lastUpdated, deleted, method, json }: StoredVersion): StoredVersion {
    let shared = this.versionIds.get(versionId);
    if (shared === undefined) {
      shared = String(Number(versionId));
      if (this.versionIds.size < 100_000) this.versionIds.set(versionId, shared);
    }
    return { type, id, versionId: shared, lastUpdated, deleted, method, json };
  }
}

function newest(held: Held): StoredVersion {
  if (!Array.isArray(held)) return held;
  const last = held.at(-1);
  if (last === undefined) throw new Error('A resource without versions is not kept.');
  return last;
}

function timelineOf(versions: Iterable<StoredVersion>): Timeline {
  const timeline = new Timeline();
  for (const version of versions) timeline.add(version);
  return timeline;
}
