import type { ListedResource } from './differences.ts';

/** A version of a resource as an exported line tells it. */
export interface ToldVersion extends ListedResource {
  readonly deleted: boolean;
}

/** Bytes of a digest, and of an id that is a UUID. */
const wide = 16;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** No version: numbers of versions are smaller. */
const noVersion = -(2 ** 31);
const [isDeleted, hasDigest, isUuid] = [1, 2, 4];

/**
 * The newest version of each of very many resources, in about a tenth of the memory that objects take: a resource of which
 * files must be read in any order is only known to be the newest when all are read.
 */
export class VersionTable {
  #rows = 0;
  #ids = Buffer.alloc(0);
  #digests = Buffer.alloc(0);
  #dates = new Float64Array(0);
  #versions = new Int32Array(0);
  #flags = new Uint8Array(0);
  /** Ids that are no UUIDs, and versions that are no plain numbers, by their row. */
  readonly #oddIds = new Map<number, string>();
  readonly #oddVersions = new Map<number, string>();
  /** Rows + 1 by the hash of their id; 0: none. */
  #slots = new Int32Array(64);
  readonly #packed = Buffer.alloc(wide);
  #order: Int32Array | undefined;

  /** Resources of which something is known. */
  get size(): number {
    return this.#rows;
  }

  /** Remembers a version, unless a newer one of the resource is known. @param version its digest has 32 digits */
  add(version: ToldVersion): void {
    this.#order = undefined;
    const { row, slot } = this.#find(version.id);
    if (row !== undefined) {
      if (!isOlder(version, this.#row(row))) this.#write(row, version);
      return;
    }
    if (this.#rows === this.#flags.length) this.#grow();
    const added = this.#rows++;
    this.#slots[slot] = added + 1;
    if (uuid.test(version.id)) this.#packed.copy(this.#ids, added * wide);
    else this.#oddIds.set(added, version.id);
    this.#write(added, version);
    if (this.#rows * 2 > this.#slots.length) this.#rehash();
  }

  get(id: string): ToldVersion | undefined {
    const { row } = this.#find(id);
    return row === undefined ? undefined : this.#row(row);
  }

  /** How many resources that are not deleted were last updated in a range. */
  count(since: number, till: number): number {
    return this.#firstFrom(till) - this.#firstFrom(since);
  }

  /** The same resources in the order of their dates, page by page. */
  *pages(since: number, till: number, pageSize: number): Generator<readonly ToldVersion[], void> {
    const order = this.#sorted();
    const end = this.#firstFrom(till);
    for (let at = this.#firstFrom(since); at < end; at += pageSize)
      yield Array.from(order.subarray(at, Math.min(end, at + pageSize)), (row) => this.#row(row));
  }

  #write(row: number, { versionId, lastUpdated, digest, deleted }: ToldVersion): void {
    const number = versionId === undefined ? noVersion : Number(versionId);
    const isPlain = versionId === undefined || (String(number | 0) === versionId && number !== noVersion);
    if (isPlain) this.#oddVersions.delete(row);
    else this.#oddVersions.set(row, versionId);
    this.#versions[row] = isPlain ? number : 0;
    this.#dates[row] = lastUpdated ?? Number.NaN;
    if (digest !== undefined) this.#digests.write(digest, row * wide, 'hex');
    this.#flags[row] =
      (deleted ? isDeleted : 0) | (digest === undefined ? 0 : hasDigest) | (this.#oddIds.has(row) ? 0 : isUuid);
  }

  #row(row: number): ToldVersion {
    const flags = this.#flags[row] ?? 0;
    const at = this.#dates[row] ?? Number.NaN;
    const version = this.#versions[row] ?? noVersion;
    return {
      id: this.#idOf(row),
      versionId: this.#oddVersions.get(row) ?? (version === noVersion ? undefined : String(version)),
      lastUpdated: Number.isNaN(at) ? undefined : at,
      digest: (flags & hasDigest) === 0 ? undefined : this.#digests.toString('hex', row * wide, (row + 1) * wide),
      deleted: (flags & isDeleted) !== 0,
    };
  }

  #idOf(row: number): string {
    const odd = this.#oddIds.get(row);
    if (odd !== undefined) return odd;
    const hex = this.#ids.toString('hex', row * wide, (row + 1) * wide);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** The row of an id, or the free slot where it belongs. A UUID is left packed. */
  #find(id: string): { readonly row: number | undefined; readonly slot: number } {
    const isPacked = uuid.test(id);
    if (isPacked) this.#packed.write(id.replaceAll('-', ''), 'hex');
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(id) & mask; ; slot = (slot + 1) & mask) {
      const row = (this.#slots[slot] ?? 0) - 1;
      if (row < 0) return { row: undefined, slot };
      const isIt = isPacked
        ? ((this.#flags[row] ?? 0) & isUuid) !== 0 &&
          this.#ids.compare(this.#packed, 0, wide, row * wide, (row + 1) * wide) === 0
        : this.#oddIds.get(row) === id;
      if (isIt) return { row, slot };
    }
  }

  #grow(): void {
    const rows = Math.max(1_024, Math.ceil(this.#rows * 1.3));
    this.#ids = grown(this.#ids, Buffer.alloc(rows * wide));
    this.#digests = grown(this.#digests, Buffer.alloc(rows * wide));
    this.#dates = grown(this.#dates, new Float64Array(rows));
    this.#versions = grown(this.#versions, new Int32Array(rows));
    this.#flags = grown(this.#flags, new Uint8Array(rows));
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let row = 0; row < this.#rows; row++) {
      let slot = hashOf(this.#idOf(row)) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = row + 1;
    }
  }

  /** Rows of what is not deleted, in the order of their dates; what has no date comes first. */
  #sorted(): Int32Array {
    if (this.#order !== undefined) return this.#order;
    const rows = new Int32Array(this.#rows);
    let kept = 0;
    for (let row = 0; row < this.#rows; row++) if (((this.#flags[row] ?? 0) & isDeleted) === 0) rows[kept++] = row;
    const order = rows.subarray(0, kept);
    if (!this.#isInOrder(order)) order.sort((a, b) => this.#dateOf(a) - this.#dateOf(b) || a - b);
    return (this.#order = order);
  }

  #isInOrder(order: Int32Array): boolean {
    return order.every((row, index) => index === 0 || this.#dateOf(order[index - 1] ?? 0) <= this.#dateOf(row));
  }

  #dateOf(row: number): number {
    const at = this.#dates[row] ?? Number.NaN;
    return Number.isNaN(at) ? 0 : at;
  }

  /** Index in the order of the first resource at or after an instant. */
  #firstFrom(at: number): number {
    const order = this.#sorted();
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#dateOf(order[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Whether a version of a resource came before another one: by its date, and of one date by its number. */
export function isOlder(
  version: Pick<ToldVersion, 'versionId' | 'lastUpdated'>,
  than: Pick<ToldVersion, 'versionId' | 'lastUpdated'>,
): boolean {
  const apart = (version.lastUpdated ?? 0) - (than.lastUpdated ?? 0);
  return apart < 0 || (apart === 0 && Number(version.versionId) < Number(than.versionId));
}

/** FNV-1a. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
