import { removeRoleAssignment } from '../../azure/assignRole.ts';
import { changeResource } from '../../azure/changeResource.ts';
import { makeEventSubscription } from '../../azure/writeEventSubscription.ts';
import type { Change } from '../../compare/changes/change.ts';
import type { RememberedChange } from '../../compare/changes/remembered.ts';
import { toFailure } from '../../failure/failure.ts';
import type { ApplyOptions } from './applyChanges.ts';
import type { ChangeProgress, ChangeReport, ChangeStep } from './contract.ts';

/** The change that puts back what a remembered one replaced; of a role, the same role to be taken away. */
export const undoing = (change: Change): Change =>
  change.kind === 'settings' ? { ...change, edits: change.before, before: change.edits } : change;

/**
 * Puts back what was there before, the newest first and event subscriptions last (a service whose events are being
 * switched takes no settings), and stops at the first that fails. A value that is no longer the one
 * that was written here was changed by somebody else since then, and stays.
 */
export async function undoChanges(
  records: readonly RememberedChange[],
  options: ApplyOptions,
  signal: AbortSignal,
  progress: ChangeProgress,
): Promise<ChangeReport> {
  const steps: ChangeStep[] = [];
  let stopped = false;
  for (const record of [...records].sort((a, b) => rankOf(a) - rankOf(b) || b.at - a.at)) {
    const change = undoing(record.change);
    if (stopped || signal.aborted) {
      steps.push({ change, outcome: 'notTried', notes: [] });
      continue;
    }
    try {
      await takeBack(record, options, signal, (status) => progress(change, status));
      await options.store.add({ ...record, state: 'undone' });
      steps.push({ change, outcome: 'done', notes: [] });
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind === 'bug' || failure.kind === 'journal' || failure.kind === 'diskFull') throw error;
      stopped = true;
      steps.push({ change, outcome: 'failed', failure, notes: [] });
    }
  }
  return { steps, ok: steps.every(({ outcome }) => outcome === 'done') };
}

const rankOf = ({ change }: RememberedChange): number => (change.kind === 'eventSubscription' ? 1 : 0);

async function takeBack(
  { change, assignment }: RememberedChange,
  { arm }: ApplyOptions,
  signal: AbortSignal,
  tell: (status: string) => void,
): Promise<void> {
  switch (change.kind) {
    case 'settings': {
      const { resourceId, resourceName: name, tenantId, edits, before } = change;
      await changeResource(arm, { resourceId, name, tenantId, edits: before, expected: edits }, signal, tell);
      return;
    }
    case 'role':
      if (assignment !== undefined) await removeRoleAssignment(arm, change, assignment, signal);
      return;
    case 'eventSubscription':
      await makeEventSubscription(arm, change, signal, tell);
      return;
    case 'container':
      return;
  }
}
