import type { MigrationOverview } from '../../engine/overview.ts';
import { FailureError } from '../../failure/failure.ts';
import type { ChangeProgress, ChangeReport, ChangeServices } from '../changes/contract.ts';
import { removedSubscriptions } from './gatherFacts.ts';

/**
 * Makes the event subscriptions again that were deleted for a migration, as they were.
 * @throws FailureError `conflict` while the last window is not on the target, `invalidInput` when none was deleted
 */
export async function eventsOn(
  { plan, cutover, finish }: MigrationOverview,
  { changes }: { readonly changes: Pick<ChangeServices, 'remembered' | 'undo'> },
  signal: AbortSignal,
  progress: ChangeProgress,
): Promise<ChangeReport> {
  const isOver = cutover?.signedOff !== undefined || (cutover?.begun !== undefined && finish?.drainedAt !== undefined);
  if (!isOver)
    throw new FailureError({
      kind: 'conflict',
      message: `The last window is not on ${plan.target.name} yet: subscribers would hear of every imported resource.`,
      nextStep: 'Cut over first.',
    });
  const removed = await removedSubscriptions(plan, changes);
  if (removed.length === 0)
    throw new FailureError({
      kind: 'invalidInput',
      message: `No event subscription of ${plan.target.name} was deleted for this migration.`,
      nextStep: 'Add subscriptions to its workspace in the Azure portal, or confirm that nobody needs them.',
    });
  return changes.undo(removed, signal, progress);
}
