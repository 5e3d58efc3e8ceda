import type { ArmClient } from '../../azure/armClient.ts';
import { readServiceMetrics } from '../../azure/serviceMetrics.ts';
import type { StagedBlobs } from '../../azure/stagedBlobs.ts';
import { latest, openChanges, samePair } from '../../compare/changes/remembered.ts';
import { decommissionItems, type SourceSeen } from '../../cutover/decommission.ts';
import type { MigrationId } from '../../engine/ids.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { Plan } from '../../engine/plan.ts';
import type { Clock } from '../../engine/ports.ts';
import { toFailure } from '../../failure/failure.ts';
import { newest } from '../../fhir/newest.ts';
import type { Clients } from '../clients.ts';
import { changePair } from '../changes/changePair.ts';
import type { ChangeStore } from '../changes/changeStore.ts';
import type { ChangeServices } from '../changes/contract.ts';
import type { MigrationHandle } from '../contract.ts';
import type { CleanupProgress, CleanupServices } from './contract.ts';
import { takeInventory, type Inventory } from './inventory.ts';
import { removeItems } from './removeItems.ts';

/** Waits before files that somebody holds a lease on are tried again, milliseconds. */
const pauses = [1_000, 3_000];

export interface CleanupSurroundings {
  readonly open: (id: MigrationId) => Promise<MigrationHandle>;
  readonly all: () => Promise<readonly Pick<MigrationHandle, 'id' | 'overview'>[]>;
  readonly blobsOf: (staging: Plan['staging']) => StagedBlobs;
  readonly changes: Pick<ChangeServices, 'undo'>;
  readonly store: Pick<ChangeStore, 'all'>;
  readonly clients: Clients;
  readonly arm: ArmClient;
  readonly clock: Clock;
}

/** Cleaning up over the clients of one session. */
export function cleanupServices(around: CleanupSurroundings): CleanupServices {
  return {
    async review(id, signal, progress = () => undefined) {
      const { items, warnings } = await inventoryOf(around, id, signal, progress);
      return { items, warnings };
    },
    async remove(id, items, signal, progress = () => undefined) {
      const migration = await around.open(id);
      const { plan } = migration.overview();
      return removeItems(
        await inventoryOf(around, id, signal, () => undefined),
        new Set(items),
        {
          blobs: around.blobsOf(plan.staging),
          changes: around.changes,
          store: around.store,
          pair: changePair(plan.source, plan.target),
          pauses: pauses.map((ms) => () => around.clock.sleep(ms, signal)),
          tell: (record) => migration.tell({ kind: 'cleanedUp', at: around.clock.now(), ...record }),
        },
        signal,
        progress,
      );
    },
    async decommission(id, signal) {
      const overview = (await around.open(id)).overview();
      return decommissionItems(overview, await sourceSeen(around, overview, signal), around.clock.now());
    },
  };
}

async function inventoryOf(
  around: CleanupSurroundings,
  id: MigrationId,
  signal: AbortSignal,
  progress: CleanupProgress,
): Promise<Inventory> {
  const migration = await around.open(id);
  const overview = migration.overview();
  const { plan } = overview;
  const pair = changePair(plan.source, plan.target);
  const records = await around.store.all();
  const made = latest(records).flatMap((record) =>
    record.change.kind === 'container' &&
    record.state === 'done' &&
    samePair(record.pair, pair) &&
    record.change.accountName === plan.staging.accountName
      ? [record.change.container]
      : [],
  );
  return takeInventory(
    {
      overview,
      driven: migration.driver() !== undefined,
      leftovers: await migration.leftovers(),
      others: (await around.all()).filter((other) => other.id !== id).map((other) => other.overview()),
      blobs: around.blobsOf(plan.staging),
      changes: openChanges(records, pair),
      madeContainers: new Set(made),
      now: around.clock.now(),
    },
    signal,
    progress,
  );
}

async function sourceSeen(
  { clients, arm }: CleanupSurroundings,
  { plan: { source } }: MigrationOverview,
  signal: AbortSignal,
): Promise<SourceSeen> {
  const whyNot = (error: unknown): string => {
    const failure = toFailure(error);
    if (failure.kind === 'cancelled' || failure.kind === 'bug') throw error;
    return `Unknown: ${failure.message}`;
  };
  const lastWrite = async (): Promise<SourceSeen['lastWrite']> => {
    try {
      const client = await clients.of(source, signal);
      return { at: await newest(client, 'versions', undefined, signal) };
    } catch (error) {
      return toFailure(error).kind === 'retired' ? { retired: true } : whyNot(error);
    }
  };
  const requests = async (): Promise<SourceSeen['requests']> => {
    const { resourceId, tenantId } = source;
    if (resourceId === undefined) return 'Unknown: the source is no resource of Azure.';
    return readServiceMetrics(arm, resourceId, tenantId, signal).then((metrics) => metrics.requests, whyNot);
  };
  const [written, asked] = await Promise.all([lastWrite(), requests()]);
  return { lastWrite: written, requests: asked };
}
