import { changeCommand } from '../../compare/changes/changeWords.ts';
import type { Change } from '../../compare/changes/change.ts';
import type { Failure } from '../../failure/failure.ts';

/** `ready`: as it must be; `change`: the product can set it; `advice`: somebody has to look; `unknown`: not to be seen. */
export type PrepareState = 'ready' | 'change' | 'advice' | 'unknown';

/** One thing that has to be set for a migration. */
export interface PrepareRow {
  /** Stable id, for example `target.import`. */
  readonly id: string;
  readonly title: string;
  readonly state: PrepareState;
  readonly current: string;
  readonly wanted: string;
  readonly guidance: string;
  /** What Apply writes; empty unless `change`. */
  readonly changes: readonly Change[];
  /** Why Apply cannot do it here; the commands are for somebody who can. */
  readonly blocked: string | undefined;
  /** Commands of the Azure CLI that do the same. */
  readonly commands: readonly string[];
}

export type About = Pick<PrepareRow, 'id' | 'title' | 'wanted' | 'guidance'>;

/** Why nothing can be seen or set of a service without a resource id. */
export const byAddress = 'The plan knows this service by its address alone: its settings are those of whoever runs it.';

export const ready = (about: About, current: string, guidance = ''): PrepareRow => ({
  ...about,
  guidance,
  state: 'ready',
  current,
  changes: [],
  blocked: undefined,
  commands: [],
});

export const advice = (about: About, current: string, commands: readonly string[] = []): PrepareRow => ({
  ...about,
  state: 'advice',
  current,
  changes: [],
  blocked: undefined,
  commands,
});

export const unknown = (about: About, failure: Failure): PrepareRow => ({
  ...about,
  guidance: failure.nextStep ?? about.guidance,
  state: 'unknown',
  current: `Unknown: ${failure.message}`,
  changes: [],
  blocked: undefined,
  commands: [],
});

export const change = (
  about: About,
  current: string,
  changes: readonly Change[],
  blocked: string | undefined,
): PrepareRow => ({
  ...about,
  state: 'change',
  current,
  changes,
  blocked,
  commands: changes.flatMap((one) => changeCommand(one) ?? []),
});
