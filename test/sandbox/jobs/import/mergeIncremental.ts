import type { FhirStore, StoredVersion } from '../../contract.ts';
import type { ImportLine } from './importLine.ts';
import { byResource, type MergeRefusals, stored } from './merge.ts';

/** A line with a date. */
interface DatedLine extends ImportLine {
  readonly lastUpdated: number;
}

/** A line with a date and a version. */
interface VersionedLine extends DatedLine {
  readonly version: number;
}

/**
 * Loads a batch in incremental mode, by the rules of fhir-server (SqlServerFhirDataStore.ImportResourcesInternalAsync and
 * the procedure GetResourceVersions). Resources do not depend on each other, so each is merged on its own.
 */
export function mergeIncremental(
  store: FhirStore,
  batch: readonly ImportLine[],
  allowNegativeVersions: boolean,
  now: number,
): MergeRefusals {
  const conflicts: ImportLine[] = [];
  const duplicates: ImportLine[] = [];
  for (const lines of byResource(batch)) {
    const merge = new ResourceMerge(store, lines, allowNegativeVersions);
    const undated = merge.withoutRepeatedDates();
    merge.mergeVersioned();
    merge.mergeDated();
    if (undated !== undefined) merge.mergeUndated(undated, now);
    conflicts.push(...merge.conflicts);
    duplicates.push(...merge.duplicates);
  }
  return { conflicts, duplicates };
}

/** The merge of the lines of one resource. */
class ResourceMerge {
  readonly conflicts: ImportLine[] = [];
  readonly duplicates: ImportLine[] = [];
  readonly #store: FhirStore;
  readonly #lines: readonly ImportLine[];
  readonly #allowNegative: boolean;
  readonly #dated: DatedLine[] = [];

  constructor(store: FhirStore, lines: readonly ImportLine[], allowNegative: boolean) {
    this.#store = store;
    this.#lines = lines;
    this.#allowNegative = allowNegative;
  }

  /**
   * Of lines with the same date the one with the highest version stays, of lines without a date the first; what has a
   * date that is stored already is the same or in conflict.
   * @returns the line without a date
   */
  withoutRepeatedDates(): ImportLine | undefined {
    const kept = new Map<number | undefined, ImportLine>();
    for (const line of this.#lines) {
      const other = kept.get(line.lastUpdated);
      const wins = other === undefined || (line.version ?? 1) > (other.version ?? 1);
      if (wins) kept.set(line.lastUpdated, line);
      const loser = wins ? other : line;
      if (loser !== undefined) this.duplicates.push(loser);
    }
    for (const line of kept.values()) {
      if (!isDated(line)) continue;
      const matches = this.#versions().filter((version) => version.lastUpdated === line.lastUpdated);
      if (matches.length === 0) this.#dated.push(line);
      else if (!matches.some((match) => isSame(line, match))) this.conflicts.push(line);
    }
    return kept.get(undefined);
  }

  /** Lines with version and date: versions rise with dates, among each other and against the stored current version. */
  mergeVersioned(): void {
    const current = this.#current();
    for (const line of this.#alignedWithEachOther()) {
      if (this.#versions().some((version) => Number(version.versionId) === line.version)) this.conflicts.push(line);
      else if (line.version === 0) this.duplicates.push(line);
      else if (line.version > 0 && current !== undefined && !isAligned(line, current)) this.conflicts.push(line);
      else this.#store.put(stored(line, line.version, line.lastUpdated));
    }
  }

  /** Lines with a date only: later ones follow the current version, earlier ones take a free number below the next one. */
  mergeDated(): void {
    const current = this.#current();
    const lines = this.#dated.filter((line) => line.version === undefined);
    const later = lines.filter((line) => current === undefined || line.lastUpdated >= current.lastUpdated);
    const earlier = lines.filter((line) => !later.includes(line)).sort((a, b) => b.lastUpdated - a.lastUpdated);
    // All slots are looked up before any of them is taken.
    const slots = earlier.map((line, at) => ({ line, version: this.#slot(line, at + 1) }));
    for (const { line, version } of slots) {
      // Where versions do not rise with dates the slot can be taken; the servers end in a conflict over it too.
      const taken = this.#versions().some((other) => Number(other.versionId) === version);
      if (taken || (version < 0 && !this.#allowNegative)) this.conflicts.push(line);
      else this.#store.put(stored(line, version, line.lastUpdated));
    }
    let version = current === undefined ? 0 : Number(current.versionId);
    for (const line of later.sort((a, b) => a.lastUpdated - b.lastUpdated)) {
      version += 1;
      this.#store.put(stored(line, version, line.lastUpdated));
    }
  }

  /** A line without a date: nothing when it is the same as the current version, else the next version, now. */
  mergeUndated(line: ImportLine, now: number): void {
    const current = this.#current();
    if (current !== undefined && !line.deleted && current.json === line.json) return;
    this.#store.put(stored(line, current === undefined ? 1 : Number(current.versionId) + 1, now));
  }

  /** Of lines with the same version the latest stays; going back in time each version must be below the last that stayed. */
  #alignedWithEachOther(): readonly VersionedLine[] {
    const newestFirst = this.#dated.filter(isVersioned).sort((a, b) => b.lastUpdated - a.lastUpdated);
    const seen = new Set<number>();
    const aligned: VersionedLine[] = [];
    let before = Infinity;
    for (const line of newestFirst) {
      if (seen.has(line.version)) {
        this.duplicates.push(line);
        continue;
      }
      seen.add(line.version);
      const refused = line.version < 0 ? !this.#allowNegative : line.version >= before;
      if (refused) {
        this.conflicts.push(line);
        continue;
      }
      if (line.version >= 0) before = line.version;
      aligned.push(line);
    }
    return aligned;
  }

  /**
   * The version for a date before the current one, as GetResourceVersions finds it: below the next stored version when
   * there is room above the one before, else below the lowest negative one.
   * @param rank 1 for the latest of the lines that need one
   */
  #slot(line: DatedLine, rank: number): number {
    let above: StoredVersion | undefined;
    let below: StoredVersion | undefined;
    let lowest = 0;
    for (const version of this.#versions()) {
      const number = Number(version.versionId);
      if (number < 0) lowest = Math.min(lowest, number);
      else if (version.lastUpdated > line.lastUpdated) above = earlierOf(above, version);
      else below = laterOf(below, version);
    }
    const ceiling = above === undefined ? 1 : Number(above.versionId);
    const floor = below === undefined ? 0 : Number(below.versionId);
    return ceiling - floor > rank ? ceiling - rank : lowest - rank;
  }

  /** Negative versions are history by definition, so that a resource may have no current version. */
  #current(): StoredVersion | undefined {
    return this.#versions().findLast((version) => Number(version.versionId) > 0);
  }

  #versions(): readonly StoredVersion[] {
    const [first] = this.#lines;
    return first === undefined ? [] : this.#store.versions(first.type, first.id);
  }
}

function isDated(line: ImportLine): line is DatedLine {
  return line.lastUpdated !== undefined;
}

function isVersioned(line: DatedLine): line is VersionedLine {
  return line.version !== undefined;
}

function isSame(line: ImportLine, version: StoredVersion): boolean {
  return (line.version === undefined || line.version === Number(version.versionId)) && line.json === version.json;
}

/** A later date goes with a higher version, an earlier one with a lower. */
function isAligned(line: VersionedLine, current: StoredVersion): boolean {
  const number = Number(current.versionId);
  if (current.lastUpdated > line.lastUpdated) return number > line.version;
  return number < line.version;
}

function earlierOf(a: StoredVersion | undefined, b: StoredVersion): StoredVersion {
  return a === undefined || b.lastUpdated < a.lastUpdated ? b : a;
}

function laterOf(a: StoredVersion | undefined, b: StoredVersion): StoredVersion {
  return a === undefined || b.lastUpdated > a.lastUpdated ? b : a;
}
