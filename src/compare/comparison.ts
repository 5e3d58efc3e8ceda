import type { Failure } from '../failure/failure.ts';
import type { WhenToConfigure } from './configurationSettings.ts';

/** What of two services can be compared, in the order in which it is shown. */
export const aspects = [
  'configuration',
  'capabilities',
  'searchParameters',
  'profiles',
  'roles',
  'diagnostics',
] as const;
export type Aspect = (typeof aspects)[number];

/**
 * How one thing of the source stands on the target. `copied`: the same; `adapted`: another value that means the same
 * there; `byDesign`: different and rightly so; `notPossible`: the target has no such thing. The other three are drift.
 */
export type EntryState = 'copied' | 'adapted' | 'byDesign' | 'notPossible' | 'different' | 'missing' | 'onlyOnTarget';

/** One thing that was compared, keyed by what it means. */
export interface ComparedEntry {
  /** From the general to the particular, for example `['Patient', 'search parameter', 'birthdate']`. */
  readonly path: readonly string[];
  readonly state: EntryState;
  /** As text; undefined where that side has nothing. */
  readonly source: string | undefined;
  readonly target: string | undefined;
  readonly when: WhenToConfigure;
  readonly guidance: string;
  /** Of a search parameter that both services define alike: why searches on the target do not use it. */
  readonly unused?: 'notIndexed' | 'unsupported' | 'retired';
  /** Copying it would put the source's definition in the place of another one that the target has. */
  readonly overwrites?: true;
}

/** One aspect of both services: what differs by meaning, and texts that can be laid side by side. */
export interface AspectComparison {
  readonly aspect: Aspect;
  readonly entries: readonly ComparedEntry[];
  readonly sourceText: string;
  readonly targetText: string;
  /** Where the source's side was read, of definitions: a deprecated source is known by its exported files alone. */
  readonly sourceFrom?: 'service' | 'stagedFiles';
  /** What to know of how it was compared, in sentences. */
  readonly notes?: readonly string[];
}

/** An aspect that could not be compared; the others are not touched by it. */
export interface FailedAspect {
  readonly aspect: Aspect;
  readonly failure: Failure;
}

export interface ComparedService {
  readonly name: string;
  readonly endpoint: string;
}

export interface Comparison {
  readonly source: ComparedService;
  readonly target: ComparedService;
  readonly aspects: readonly (AspectComparison | FailedAspect)[];
}

const drifting: ReadonlySet<EntryState> = new Set(['different', 'missing', 'onlyOnTarget']);

/** True for a difference that somebody should look at; false where both agree or cannot agree. */
export const isDrift = ({ state }: Pick<ComparedEntry, 'state'>): boolean => drifting.has(state);

export const hasFailed = (result: AspectComparison | FailedAspect): result is FailedAspect => 'failure' in result;

/** Key of an entry that stays the same between two comparisons, for what a person chose. */
export const entryKey = (aspect: Aspect, { path }: Pick<ComparedEntry, 'path'>): string =>
  [aspect, ...path].map((part) => part.replaceAll('/', '%2F')).join('/');
