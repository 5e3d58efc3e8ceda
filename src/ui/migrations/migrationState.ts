import type { MigrationOverview } from '../../engine/overview.ts';
import type { MigrationHandle } from '../../services/contract.ts';
import type { DrivenBy } from './controls.ts';

/** One migration as the views show it: its overview, and who drives it. */
export interface MigrationState {
  readonly overview: MigrationOverview;
  readonly driven: DrivenBy;
  /** Storage account in which its journal lies; undefined: in the folder of this machine. */
  readonly account?: string | undefined;
}

/** Reads a handle at one moment. A lease that has run out does not count as a driver. */
export function stateOf(handle: MigrationHandle, now: number): MigrationState {
  const driver = handle.driver();
  const alive = driver !== undefined && driver.expiresAt > now;
  return {
    overview: handle.overview(),
    driven: handle.drivenHere ? 'here' : alive ? 'other' : 'none',
    account: handle.journalAt.account,
  };
}
