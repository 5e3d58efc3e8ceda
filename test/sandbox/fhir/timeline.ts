import type { StoredVersion } from '../contract.ts';

/** Order of every listing: by time, then type, id and version, so that a page can begin right after a given version. */
export function byTime(a: StoredVersion, b: StoredVersion): number {
  if (a.lastUpdated !== b.lastUpdated) return a.lastUpdated - b.lastUpdated;
  if (a.type !== b.type) return a.type < b.type ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return Number(a.versionId) - Number(b.versionId);
}

/** Index of the first version that is not before `lastUpdated`. */
export function firstAtOrAfter(view: readonly StoredVersion[], lastUpdated: number): number {
  return search(view, (version) => version.lastUpdated >= lastUpdated);
}

/** Index of the first version that comes after `mark` in time order. */
export function firstAfter(view: readonly StoredVersion[], mark: StoredVersion): number {
  return search(view, (version) => byTime(version, mark) > 0);
}

function search(view: readonly StoredVersion[], reached: (version: StoredVersion) => boolean): number {
  let low = 0;
  let high = view.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const version = view[middle];
    if (version !== undefined && !reached(version)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Changes up to this number are spliced into the order one by one; more are sorted in together. */
const spliceLimit = 64;

/** Versions in time order, kept up to date lazily: a load of a million lines pays for one sort at the first question. */
export class Timeline {
  private sorted: StoredVersion[] = [];
  private added: StoredVersion[] = [];
  private removed = new Set<StoredVersion>();

  add(version: StoredVersion): void {
    this.added.push(version);
  }

  remove(version: StoredVersion): void {
    this.removed.add(version);
  }

  /** The live order; valid until the next change. */
  view(): readonly StoredVersion[] {
    if (this.removed.size > 0) this.dropRemoved();
    if (this.added.length > 0) this.sortInAdded();
    return this.sorted;
  }

  private dropRemoved(): void {
    const removed = this.removed;
    this.removed = new Set();
    this.added = this.added.filter((version) => !removed.has(version));
    if (removed.size > spliceLimit) {
      this.sorted = this.sorted.filter((version) => !removed.has(version));
      return;
    }
    for (const version of removed) {
      const at = firstAfter(this.sorted, version) - 1;
      if (this.sorted[at] === version) this.sorted.splice(at, 1);
    }
  }

  private sortInAdded(): void {
    const added = this.added.sort(byTime);
    this.added = [];
    const last = this.sorted.at(-1);
    const first = added[0];
    if (last === undefined || (first !== undefined && byTime(first, last) > 0)) {
      for (const version of added) this.sorted.push(version);
    } else if (added.length <= spliceLimit) {
      for (const version of added) this.sorted.splice(firstAfter(this.sorted, version), 0, version);
    } else {
      for (const version of added) this.sorted.push(version);
      this.sorted.sort(byTime);
    }
  }
}
