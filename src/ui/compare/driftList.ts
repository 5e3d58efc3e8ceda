import type { DiscoveredService } from '../../azure/discovered.ts';
import { type Comparison, entryKey, hasFailed, isDrift } from '../../compare/comparison.ts';
import type { ParameterReadiness } from '../../services/searchParameters/parametersReady.ts';
import type { Uri } from 'vscode';
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
  /** Whether searches on the target use each of its custom parameters; undefined while nobody has asked. */
  readonly readiness: readonly ParameterReadiness[] | undefined;
  /** The plan file of the two services, which keeps the choice, where there is one. */
  readonly plan: Uri | undefined;
}

/** Where the choice is kept beside the memory of the editor. */
export interface KeptSelection {
  readonly plan: Uri;
  readonly excluded: readonly string[];
  save(excluded: readonly string[]): Promise<void>;
}

/** The comparison that the Drift view shows, and what the user chose of it. The choice is kept for each pair of services. */
export class DriftList {
  readonly #store: ChoiceStore;
  readonly #changed = new Listeners();
  #shown: ShownComparison | undefined;
  #kept: KeptSelection | undefined;

  constructor(store: ChoiceStore) {
    this.#store = store;
  }

  get shown(): ShownComparison | undefined {
    return this.#shown;
  }

  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** Shows a comparison; a filter stays only while the services stay the same. A plan file's choice goes before ours. */
  show(comparison: Comparison, source: DiscoveredService, target: DiscoveredService, kept?: KeptSelection): void {
    const pair = pairOf(source, target);
    const same = this.#shown !== undefined && pairOf(this.#shown.source, this.#shown.target) === pair;
    this.#kept = kept;
    this.#set({
      comparison,
      source,
      target,
      readiness: undefined,
      plan: kept?.plan,
      excluded: new Set(kept?.excluded ?? this.#store.excludedOf(pair)),
      filter: same ? (this.#shown?.filter ?? '') : '',
    });
  }

  setFilter(filter: string): void {
    if (this.#shown !== undefined) this.#set({ ...this.#shown, filter: filter.trim() });
  }

  /** What was found out about the target's search parameters, while it is shown. */
  setReadiness(target: string, readiness: readonly ParameterReadiness[]): void {
    if (this.#shown?.target.id === target) this.#set({ ...this.#shown, readiness });
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
    const chosen = [...excluded].sort();
    await this.#store.setExcluded(pairOf(shown.source, shown.target), chosen);
    await this.#kept?.save(chosen);
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
