import type { CutoverPage } from '../../cutover/walk.ts';
import type { GateDecision } from '../../engine/cutover.ts';
import type { MigrationId } from '../../engine/ids.ts';
import type { Instant } from '../../engine/ports.ts';
import type { ChangeProgress, ChangeReport } from '../changes/contract.ts';

/** What was written on the target since the cutover. */
export interface WrittenSince {
  /** By the target's clock. */
  readonly since: Instant;
  /** Resources by type. */
  readonly types: Readonly<Record<string, { readonly written: number; readonly deleted: number }>>;
  readonly resources: number;
  /** Files that were handed over. */
  readonly bundles: number;
}

/** Takes one bundle, named so that names sort in the order in which bundles are to be sent. */
export type TakeBundle = (name: string, text: string) => Promise<void>;

/** The way over to the target, and back. */
export interface CutoverServices {
  /** Looks at every gate and every step, reading only. */
  look(id: MigrationId, signal: AbortSignal): Promise<CutoverPage>;
  /**
   * Keeps both in sync at the brink, for as long as wanted; drives from here when nobody does.
   * @throws FailureError `conflict` once the cutover is signed off
   */
  hold(id: MigrationId): Promise<void>;
  /** Journals what a person says of a gate or a step. @throws FailureError `invalidInput` without a reason */
  decide(id: MigrationId, decision: GateDecision): Promise<void>;
  /**
   * Begins to cut over: journals the gates and asks for the last window and its proof. @param frozenAt when the writers
   * of the source were stopped
   * @throws FailureError `conflict` that names the gates that are open
   */
  begin(id: MigrationId, frozenAt: Instant, signal: AbortSignal): Promise<CutoverPage>;
  /**
   * Makes the event subscriptions again that were deleted for the migration. The target then switches its events on, which
   * takes some minutes.
   * @throws FailureError `conflict` while the last window is not on the target, `invalidInput` when none was deleted
   */
  eventsOn(id: MigrationId, signal: AbortSignal, progress?: ChangeProgress): Promise<ChangeReport>;
  /** Journals the signed record. @throws FailureError `conflict` that names what is still open */
  signOff(id: MigrationId, by: string, because: string | undefined, signal: AbortSignal): Promise<CutoverPage>;
  /**
   * Lists what was written on the target since the cutover, and hands it over as bundles for the source when asked.
   * @throws FailureError `invalidInput` when there was no cutover
   */
  writtenSince(id: MigrationId, take: TakeBundle | undefined, signal: AbortSignal): Promise<WrittenSince>;
  /** Journals that applications use the source again. */
  goBack(id: MigrationId, because: string): Promise<void>;
}
