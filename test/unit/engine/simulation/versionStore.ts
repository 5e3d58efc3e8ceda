import type { CountQuery, Instant } from '../../../../src/engine/ports.ts';

/** One version of a resource. */
export interface Version {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: Instant;
  readonly deleted: boolean;
  readonly content: string;
}

/** What a service stores: the highest version of a resource is current. */
export class VersionStore {
  readonly #resources = new Map<string, Version[]>();

  put(version: Version): void {
    const key = `${version.type}/${version.id}`;
    const versions = this.#resources.get(key);
    if (versions === undefined) this.#resources.set(key, [version]);
    else {
      versions.push(version);
      versions.sort((a, b) => a.version - b.version);
    }
  }

  /** A write as a service's own: the next version, with a date that rises. */
  write(type: string, id: string, lastUpdated: Instant, deleted: boolean, content: string): void {
    this.put({ type, id, version: (this.current(type, id)?.version ?? 0) + 1, lastUpdated, deleted, content });
  }

  current(type: string, id: string): Version | undefined {
    return this.#resources.get(`${type}/${id}`)?.at(-1);
  }

  versions(type: string, id: string): readonly Version[] {
    return this.#resources.get(`${type}/${id}`) ?? [];
  }

  *everything(): Iterable<readonly Version[]> {
    yield* this.#resources.values();
  }

  types(): readonly string[] {
    return [...new Set([...this.#resources.keys()].map((key) => key.slice(0, key.indexOf('/'))))].sort();
  }

  count(query: CountQuery): number {
    let count = 0;
    for (const versions of this.#resources.values()) {
      if (query.type !== undefined && versions[0]?.type !== query.type) continue;
      const counted = query.of === 'versions' ? versions : versions.slice(-1).filter((version) => !version.deleted);
      count += counted.filter((version) => isWithin(version, query)).length;
    }
    return count;
  }
}

function isWithin(version: Version, { since, till }: CountQuery): boolean {
  return version.lastUpdated >= (since ?? -Infinity) && version.lastUpdated < (till ?? Infinity);
}
