import { randomUUID } from 'node:crypto';
import type { ArmClient } from '../../azure/armClient.ts';
import { assignmentName, assignRole, type RoleWish } from '../../azure/assignRole.ts';
import { changeResource } from '../../azure/changeResource.ts';
import { removeEventSubscription } from '../../azure/writeEventSubscription.ts';
import { readPrincipal } from '../../azure/readPrincipal.ts';
import type { Staging } from '../../azure/staging.ts';
import { type Change, type ContainerChange, orderedSteps, type RoleChange } from '../../compare/changes/change.ts';
import type { ChangePair, RememberedChange } from '../../compare/changes/remembered.ts';
import { type Failure, toFailure } from '../../failure/failure.ts';
import type { ChangeStore } from './changeStore.ts';
import type { ChangeProgress, ChangeReport, ChangeStep } from './contract.ts';

export interface ApplyOptions {
  readonly arm: ArmClient;
  readonly store: ChangeStore;
  readonly now: () => number;
  readonly openContainer: (change: ContainerChange) => Pick<Staging, 'containerState' | 'createContainer'>;
}

interface Made {
  readonly already: boolean;
  readonly notes: readonly string[];
}

/**
 * Makes writes one after the other and stops at the first that fails. Each is remembered on the disk before it is sent
 * and again with its end, so that a crash between leaves a record, too.
 * @throws FailureError only when nothing can be remembered; what goes wrong at Azure is in the report
 */
export async function applyChanges(
  pair: ChangePair,
  changes: readonly Change[],
  options: ApplyOptions,
  signal: AbortSignal,
  progress: ChangeProgress,
): Promise<ChangeReport> {
  const steps: ChangeStep[] = [];
  let stopped = false;
  for (const change of orderedSteps(changes)) {
    if (stopped || signal.aborted) {
      steps.push({ change, outcome: 'notTried', notes: [] });
      continue;
    }
    const step = await applyOne(pair, change, options, signal, progress);
    stopped = step.failure !== undefined;
    steps.push(step);
  }
  return { steps, ok: steps.every(({ outcome }) => outcome === 'done' || outcome === 'already') };
}

async function applyOne(
  pair: ChangePair,
  change: Change,
  options: ApplyOptions,
  signal: AbortSignal,
  progress: ChangeProgress,
): Promise<ChangeStep> {
  const given: RememberedChange = { id: randomUUID(), at: options.now(), pair, change, state: 'started' };
  try {
    const wish = change.kind === 'role' ? await wishOf(options.arm, change, signal) : undefined;
    // The name of an assignment is known before: one whose answer is lost can be taken back all the same.
    const record = wish === undefined ? given : { ...given, assignment: assignmentName(wish) };
    await options.store.add(record);
    return await applyRecorded(record, wish, options, signal, (status) => progress(change, status));
  } catch (error) {
    return { change, outcome: 'failed', failure: failureOf(error), notes: [] };
  }
}

async function applyRecorded(
  record: RememberedChange,
  wish: RoleWish | undefined,
  options: ApplyOptions,
  signal: AbortSignal,
  tell: (status: string) => void,
): Promise<ChangeStep> {
  const { change } = record;
  try {
    const { already, notes } = await make(change, wish, options, signal, tell);
    // What was there already is not ours to take back.
    await options.store.add({ ...record, state: already ? 'failed' : 'done' });
    return { change, outcome: already ? 'already' : 'done', notes };
  } catch (error) {
    const failure = failureOf(error);
    // A wait that was given up leaves the operation running: its record stays open, and can be looked at.
    const ended = failure.kind !== 'cancelled' && failure.kind !== 'unavailable' && failure.kind !== 'network';
    if (ended) await options.store.add({ ...record, state: 'failed' });
    return { change, outcome: ended ? 'failed' : 'unknown', failure, notes: [] };
  }
}

/** What went wrong at Azure. @throws anything else, for then nothing can be remembered, or the program is wrong */
function failureOf(error: unknown): Failure {
  const failure = toFailure(error);
  if (failure.kind === 'bug' || failure.kind === 'journal' || failure.kind === 'diskFull') throw error;
  return failure;
}

async function make(
  change: Change,
  wish: RoleWish | undefined,
  { arm, openContainer }: ApplyOptions,
  signal: AbortSignal,
  tell: (status: string) => void,
): Promise<Made> {
  switch (change.kind) {
    case 'settings': {
      const { resourceId, resourceName: name, tenantId, edits, before: expected } = change;
      const { written, sideEffects } = await changeResource(
        arm,
        { resourceId, name, tenantId, edits, expected },
        signal,
        tell,
      );
      return { already: !written, notes: sideEffects.map((path) => `${path} of ${name} is different now, too.`) };
    }
    case 'role': {
      const made = await assignRole(arm, wish ?? (await wishOf(arm, change, signal)), signal);
      return made === undefined
        ? { already: true, notes: [] }
        : { already: false, notes: ['Role changes take some minutes to spread.'] };
    }
    case 'container': {
      const staging = openContainer(change);
      if ((await staging.containerState(signal)) === 'present') return { already: true, notes: [] };
      await staging.createContainer(signal);
      return { already: false, notes: [] };
    }
    case 'eventSubscription':
      return { already: !(await removeEventSubscription(arm, change, signal, tell)), notes: [] };
  }
}

/** Who holds the role is known only now where it is an identity that was turned on just before. */
async function wishOf(arm: ArmClient, change: RoleChange, signal: AbortSignal): Promise<RoleWish> {
  const { scope, scopeName, tenantId, roleDefinitionId, holder, holderName } = change;
  const known =
    'identityOf' in holder
      ? {
          principalId: await readPrincipal(arm, holder.identityOf, holderName, tenantId, signal),
          principalType: 'ServicePrincipal' as const,
        }
      : holder;
  return { scope, scopeName, tenantId, roleDefinitionId, ...known };
}
