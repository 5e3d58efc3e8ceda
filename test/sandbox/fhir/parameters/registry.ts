import { builtInParameters, type ParameterDefinition } from './definitions.ts';

/** States of a search parameter, as `SearchParameter/$status` names them. */
export const parameterStates = [
  'Disabled',
  'Supported',
  'Enabled',
  'Deleted',
  'PendingDelete',
  'PendingHardDelete',
  'PendingDisable',
  'Unsupported',
  'Initialized',
] as const;
export type ParameterState = (typeof parameterStates)[number];

export interface RegisteredParameter {
  readonly definition: ParameterDefinition;
  readonly state: ParameterState;
}

/** Types whose resources are not DomainResources. */
const notDomain: ReadonlySet<string> = new Set(['Binary', 'Bundle', 'Parameters']);

/** True when a parameter of that base applies to resources of the type. `DomainResource` stands for "any type". */
export function appliesTo(definition: ParameterDefinition, type: string): boolean {
  return (
    definition.base.includes(type) ||
    definition.base.includes('Resource') ||
    (definition.base.includes('DomainResource') && !notDomain.has(type))
  );
}

/** The built-in parameters never change: their places by code are worked out once for all services. */
let builtInsByCode: ReadonlyMap<string, readonly ParameterDefinition[]> | undefined;

/** The search parameters of one service and their states. */
export class ParameterRegistry {
  private readonly customs = new Map<string, ParameterDefinition>();
  private readonly states = new Map<string, ParameterState>();
  private readonly builtInUrls: ReadonlyMap<string, ParameterDefinition>;
  /** Grows with every change. */
  revision = 0;

  constructor() {
    const builtIns = builtInParameters();
    builtInsByCode ??= Map.groupBy(builtIns, ({ code }) => code);
    this.builtInUrls = new Map(builtIns.map((definition) => [definition.url, definition]));
  }

  /** Adds or replaces a custom parameter. */
  add(definition: ParameterDefinition, state: ParameterState): void {
    this.customs.set(definition.url, definition);
    this.setState(definition.url, state);
  }

  setState(url: string, state: ParameterState): void {
    this.states.set(url, state);
    this.revision += 1;
  }

  byUrl(url: string): RegisteredParameter | undefined {
    const definition = this.customs.get(url) ?? this.builtInUrls.get(url);
    return definition === undefined ? undefined : this.registered(definition);
  }

  /** Built-in and custom parameters in any state. */
  all(): readonly RegisteredParameter[] {
    return [...builtInParameters(), ...this.customs.values()].map((definition) => this.registered(definition));
  }

  customParameters(): readonly RegisteredParameter[] {
    return [...this.customs.values()].map((definition) => this.registered(definition));
  }

  /** Parameters of a code that apply to a type, in any state but `Deleted`. */
  ofCode(type: string, code: string): readonly RegisteredParameter[] {
    const customs = [...this.customs.values()].filter((definition) => definition.code === code);
    return [...(builtInsByCode?.get(code) ?? []), ...customs]
      .filter((definition) => appliesTo(definition, type))
      .map((definition) => this.registered(definition))
      .filter(({ state }) => state !== 'Deleted');
  }

  /**
   * The parameter that a search on that type uses.
   * @param partial also one that waits for its reindex (`x-ms-use-partial-indices`)
   */
  searchable(type: string, code: string, partial: boolean): ParameterDefinition | undefined {
    const usable = this.ofCode(type, code).filter(
      ({ state }) => state === 'Enabled' || (partial && state === 'Supported'),
    );
    return usable[0]?.definition;
  }

  /** What takes every change since now back. */
  checkpoint(): () => void {
    const customs = new Map(this.customs);
    const states = new Map(this.states);
    return () => {
      this.customs.clear();
      this.states.clear();
      for (const [url, definition] of customs) this.customs.set(url, definition);
      for (const [url, state] of states) this.states.set(url, state);
      this.revision += 1;
    };
  }

  private registered(definition: ParameterDefinition): RegisteredParameter {
    const initial = definition.expression === undefined ? 'Unsupported' : 'Enabled';
    return { definition, state: this.states.get(definition.url) ?? initial };
  }
}
