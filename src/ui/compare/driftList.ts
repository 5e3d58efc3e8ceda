import type { DiscoveredService } from '../../azure/discovered.ts';
import { type Comparison, entryKey, hasFailed, isDrift } from '../../compare/comparison.ts';
import { Listeners } from '../platform/listeners.ts';

/** Where the choices of a pair of services are kept between sessions. */
export interface ChoiceStore {
  excludedOf(pair: string): readonly string[];
  setExcluded(pair: string, keys: readonly string[]): Promise<void>;
}

export interface ShownComparison {
  readonly comparison: Comparison;
  readonly source: DiscoveredService;
  readonly target: DiscoveredService;
  /** Keys of the entries that the user set aside. */
  readonly excluded: ReadonlySet<string>;
  /** Empty: everything is shown. */
  readonly filter: string;
}

/** The comparison that the Drift view shows, and what the user chose of it. The choice is kept for each pair of services. */
export class DriftList {
  readonly #store: ChoiceStore;
  readonly #changed = new Listeners();
  #shown: ShownComparison | undefined;

  constructor(store: ChoiceStore) {
    this.#store = store;
  }

  get shown(): ShownComparison | undefined {
    return this.#shown;
  }

  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** Shows a comparison; a filter stays only while the services stay the same. */
  show(comparison: Comparison, source: DiscoveredService, target: DiscoveredService): void {
    const pair = pairOf(source, target);
    const same = this.#shown !== undefined && pairOf(this.#shown.source, this.#shown.target) === pair;
    this.#set({
      comparison,
      source,
      target,
      excluded: new Set(this.#store.excludedOf(pair)),
      filter: same ? (this.#shown?.filter ?? '') : '',
    });
  }

  setFilter(filter: string): void {
    if (this.#shown !== undefined) this.#set({ ...this.#shown, filter: filter.trim() });
  }

  /** Sets entries aside, or takes them back. */
  async choose(keys: readonly string[], included: boolean): Promise<void> {
    const shown = this.#shown;
    if (shown === undefined) return;
    const excluded = new Set(shown.excluded);
    for (const key of keys) {
      if (included) excluded.delete(key);
      else excluded.add(key);
    }
    this.#set({ ...shown, excluded });
    await this.#store.setExcluded(pairOf(shown.source, shown.target), [...excluded].sort());
  }

  close(): void {
    this.#set(undefined);
  }

  #set(shown: ShownComparison | undefined): void {
    this.#shown = shown;
    this.#changed.fire();
  }
}

const pairOf = (source: DiscoveredService, target: DiscoveredService): string => `${source.id} ${target.id}`;

/** How many differences a comparison has, and how many of them were set aside. */
export function driftCounts({ comparison, excluded }: ShownComparison): {
  readonly drift: number;
  readonly excluded: number;
} {
  const drifting = comparison.aspects.flatMap((result) =>
    hasFailed(result) ? [] : result.entries.filter(isDrift).map((entry) => entryKey(result.aspect, entry)),
  );
  const aside = drifting.filter((key) => excluded.has(key)).length;
  return { drift: drifting.length - aside, excluded: aside };
}
