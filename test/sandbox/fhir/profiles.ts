import { parsed } from './resourceText.ts';
import type { TimeOrderedStore } from './store.ts';

/**
 * Profiles on the service by the type that they constrain, for `supportedProfile`.
 * @returns with a key that changes when the stored StructureDefinitions do
 */
export function profilesByType(store: TimeOrderedStore): {
  readonly profiles: ReadonlyMap<string, readonly string[]>;
  readonly key: string;
} {
  const view = store.currentsByTime('StructureDefinition');
  const key = `${view.length}/${view.at(-1)?.lastUpdated ?? 0}`;
  const cached = cache.get(store);
  if (cached?.key === key) return cached;
  const profiles = new Map<string, string[]>();
  for (const version of view) {
    if (version.deleted || !version.json.includes('"derivation":"constraint"')) continue;
    const { type, url, kind } = parsed(version);
    if (typeof type !== 'string' || typeof url !== 'string' || kind !== 'resource') continue;
    const urls = profiles.get(type) ?? [];
    urls.push(url);
    profiles.set(type, urls);
  }
  const found = { profiles, key };
  cache.set(store, found);
  return found;
}

const cache = new WeakMap<TimeOrderedStore, ReturnType<typeof profilesByType>>();
