import type { MigrationOverview } from '../engine/overview.ts';
import type { Instant } from '../engine/ports.ts';

/**
 * Where a migration stands on the way over, by its journal alone. `held`: the backlog is moved and both services are kept
 * in sync at the brink.
 */
export interface CutoverStage {
  readonly state: 'held' | 'begun' | 'signedOff' | 'wentBack';
  /** When it came to that; of `held`, up to which instant the target has everything. */
  readonly at: Instant;
  /** Who signed. */
  readonly by?: string;
}

/** Undefined while nobody is near a cutover. */
export function cutoverStage({
  phase,
  sync,
  finish,
  cutover,
}: Pick<MigrationOverview, 'phase' | 'sync' | 'finish' | 'cutover'>): CutoverStage | undefined {
  const { signedOff, begun, wentBack } = cutover ?? {};
  if (signedOff !== undefined) return { state: 'signedOff', at: signedOff.at, by: signedOff.by };
  const isInSync = phase === 'syncing' && sync?.purpose === 'cutover';
  // A source that was written to after its freeze is kept in sync again, until its writers are stopped for good.
  if (begun !== undefined && !(isInSync && finish?.state === 'written')) return { state: 'begun', at: begun.at };
  if (isInSync && sync.copiedUntil !== undefined) return { state: 'held', at: sync.copiedUntil };
  return wentBack === undefined ? undefined : { state: 'wentBack', at: wentBack.at };
}
