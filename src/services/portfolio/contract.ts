import type { DiscoveredService } from '../../azure/discovered.ts';
import type { Failure } from '../../failure/failure.ts';

/**
 * What becomes of a service's product: `none`, a retirement that is `announced` or whose day has `passed`; `exportsOnly`
 * and `silent` say that it was seen to answer only exports, or nothing at all.
 */
export const retirements = ['none', 'announced', 'passed', 'exportsOnly', 'silent'] as const;
export type Retirement = (typeof retirements)[number];

/** A figure, or why it is not known. */
export type Known<T> =
  { readonly known: true; readonly value: T } | { readonly known: false; readonly failure: Failure };

/** What was asked of one service beside what discovery told. */
export interface ServiceFacts {
  /** `DiscoveredService.id`. */
  readonly id: string;
  /** Size of the database in bytes, by Azure Monitor. */
  readonly size: Known<number>;
  readonly retirement: Retirement;
}

/** Whether a service was migrated: by the newest migration that it is the source or the target of. */
export interface Standing {
  readonly state: 'untouched' | 'running' | 'stopped' | 'finished';
  readonly role: 'source' | 'target' | undefined;
  /** Name of the migration. */
  readonly migration: string | undefined;
}

/** A line of the portfolio. */
export interface PortfolioEntry {
  readonly service: DiscoveredService;
  readonly facts: ServiceFacts;
  readonly standing: Standing;
}
