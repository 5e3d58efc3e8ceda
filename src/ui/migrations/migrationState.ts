import type { MigrationOverview } from '../../engine/overview.ts';
import type { MigrationHandle } from '../../services/contract.ts';
import type { DrivenBy } from './controls.ts';

/** One migration as the views show it: its overview, and who drives it. */
export interface MigrationState {
  readonly overview: MigrationOverview;
  readonly driven: DrivenBy;
}

/** Reads a handle at one moment. A lease that has run out does not count as a driver. */
export function stateOf(handle: MigrationHandle, now: number): MigrationState {
  const driver = handle.driver();
  const alive = driver !== undefined && driver.expiresAt > now;
  return { overview: handle.overview(), driven: handle.drivenHere ? 'here' : alive ? 'other' : 'none' };
}
