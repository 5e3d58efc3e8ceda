/** A profile that resources name in `meta.profile`, and the types of those that were looked at. */
export interface ProfileUse {
  /** Canonical URL, without version. */
  readonly profile: string;
  /** Sorted. */
  readonly types: readonly string[];
}

/** A resource names few profiles; more is no data that somebody meant. */
const maxProfilesOfResource = 50;
const maxProfiles = 5_000;

/** Collects which profiles resources name. Keeps canonical URLs and types, nothing else of the resources. */
export class ProfileTally {
  readonly #types = new Map<string, Set<string>>();
  readonly #namesOf = new Map<string, Set<string>>();

  /** @param resource anything; only `resourceType` and `meta.profile` are looked at */
  add(resource: unknown): void {
    if (!isFields(resource) || typeof resource.resourceType !== 'string' || !isFields(resource.meta)) return;
    const { profile } = resource.meta;
    if (!Array.isArray(profile)) return;
    const type = resource.resourceType.slice(0, 64);
    for (const one of (profile as readonly unknown[]).slice(0, maxProfilesOfResource)) {
      if (typeof one !== 'string' || one === '' || one.length > 400) continue;
      const [url = ''] = one.split('|');
      const types = this.#types.get(url);
      if (types === undefined && this.#types.size >= maxProfiles) continue;
      if (types === undefined) this.#types.set(url, new Set([type]));
      else types.add(type);
      const names = this.#namesOf.get(type);
      if (names === undefined) this.#namesOf.set(type, new Set([one]));
      else if (names.size < maxProfiles) names.add(one);
    }
  }

  /** What resources of a type name, as they write it, with versions. */
  namesOf(type: string): readonly string[] {
    return [...(this.#namesOf.get(type) ?? [])];
  }

  uses(): readonly ProfileUse[] {
    return [...this.#types]
      .map(([profile, types]) => ({ profile, types: [...types].sort() }))
      .sort((a, b) => (a.profile < b.profile ? -1 : 1));
  }
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
