import type { DiscoveredService } from '../../../src/azure/discovered.ts';
import { migrationId, operationId, windowId } from '../../../src/engine/ids.ts';
import type { MigrationOverview, TypeTotals, WindowOverview } from '../../../src/engine/overview.ts';
import { planSchema, type Plan } from '../../../src/engine/plan.ts';
import type { Failure } from '../../../src/failure/failure.ts';
import type { MigrationState } from '../../../src/ui/migrations/migrationState.ts';
import * as v from 'valibot';

/** A service as Azure tells of it; every fact can be changed. */
export function service(change: Partial<DiscoveredService> = {}): DiscoveredService {
  return {
    id: '/subscriptions/s1/resourcegroups/rg/providers/microsoft.healthcareapis/services/contoso',
    kind: 'azureApiForFhir',
    name: 'contoso',
    endpoint: 'https://contoso.azurehealthcareapis.com',
    resourceId: '/subscriptions/s1/resourceGroups/rg/providers/Microsoft.HealthcareApis/services/contoso',
    tenantId: 't1',
    subscriptionId: 's1',
    resourceGroup: 'rg',
    workspace: undefined,
    location: 'westeurope',
    fhirVersion: '4.0',
    provisioningState: 'Succeeded',
    audience: undefined,
    exportStorageAccount: 'contosostaging',
    importMode: undefined,
    importStorageAccount: undefined,
    identity: 'systemAssigned',
    principalId: undefined,
    publicNetworkAccess: true,
    tags: {},
    ...change,
  };
}

/** An AHDS service that can take an import. */
export function ahds(change: Partial<DiscoveredService> = {}): DiscoveredService {
  const name = change.name ?? 'clinical';
  const id = `/subscriptions/s1/resourcegroups/rg/providers/microsoft.healthcareapis/workspaces/health/fhirservices/${name}`;
  return service({
    id,
    kind: 'ahds',
    name,
    endpoint: `https://health-${name}.fhir.azurehealthcareapis.com`,
    resourceId: id,
    workspace: 'health',
    importMode: 'incremental',
    importStorageAccount: 'contosostaging',
    ...change,
  });
}

export function failure(change: Partial<Failure> = {}): Failure {
  return { kind: 'forbidden', message: 'Listing was refused.', service: 'contoso', ...change };
}

export function plan(change: Partial<v.InferInput<typeof planSchema>> = {}): Plan {
  return v.parse(planSchema, {
    version: 1,
    name: 'Contoso',
    source: { kind: 'azureApiForFhir', name: 'contoso', endpoint: 'https://contoso.azurehealthcareapis.com' },
    target: { kind: 'ahds', name: 'clinical', endpoint: 'https://health-clinical.fhir.azurehealthcareapis.com' },
    staging: { accountName: 'contosostaging', blobEndpoint: 'https://contosostaging.blob.core.windows.net' },
    ...change,
  });
}

export function windowOf(id: string, change: Partial<WindowOverview> = {}): WindowOverview {
  return {
    id: windowId(id),
    kind: 'backlog',
    since: 1_000,
    till: 2_000,
    state: 'planned',
    attempts: 0,
    expected: undefined,
    exported: 0,
    imported: 0,
    alreadyThere: 0,
    failed: 0,
    files: 0,
    startedAt: undefined,
    endedAt: undefined,
    failure: undefined,
    verified: undefined,
    ...change,
  };
}

export function totals(change: Partial<TypeTotals> = {}): TypeTotals {
  return {
    exported: 0,
    imported: 0,
    alreadyThere: 0,
    failed: 0,
    unaccounted: 0,
    onSource: undefined,
    onTarget: undefined,
    ...change,
  };
}

/** A migration in the middle of its backlog; every part can be changed. */
export function overview(change: Partial<MigrationOverview> = {}): MigrationOverview {
  return {
    id: migrationId('m1'),
    name: 'Contoso',
    plan: plan(),
    phase: 'backlog',
    waiting: undefined,
    blind: false,
    createdAt: 1_000,
    startedAt: 2_000,
    endedAt: undefined,
    watermark: undefined,
    verification: {
      until: undefined,
      lagMs: undefined,
      by: 'counts',
      windowsVerified: 0,
      windowsDifferent: 0,
      runs: [],
      treated: [],
      accepted: {},
    },
    windows: [
      windowOf('w0001', { state: 'done', exported: 40, imported: 30, alreadyThere: 10 }),
      windowOf('w0002', { state: 'importing', exported: 60 }),
    ],
    operations: [
      {
        id: operationId('i0002-1'),
        kind: 'import',
        windows: [windowId('w0002')],
        jobId: '7',
        state: 'running',
        attempt: 1,
        since: 3_000,
        nextAt: 4_000,
        resources: 60,
      },
    ],
    totals: { Patient: totals({ exported: 100, imported: 30, alreadyThere: 10 }) },
    progress: {
      windowsDone: 1,
      windowsKnown: 2,
      exported: 100,
      imported: 30,
      expected: 100,
      rateNow: 10,
      rateAverage: 5,
      remainingMs: 60_000,
      remainingBasis: 'From the average of the last minutes.',
    },
    throughput: [{ at: 2_000, imported: 0 }],
    attention: [],
    notes: [],
    staging: { account: 'contosostaging', container: 'migration', folders: ['20260504T101112-42'] },
    journalLength: 12,
    ...change,
  };
}

export function state(
  change: Partial<MigrationOverview> = {},
  driven: MigrationState['driven'] = 'here',
): MigrationState {
  return { overview: overview(change), driven };
}
