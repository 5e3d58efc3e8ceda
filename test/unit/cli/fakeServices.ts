import { migrationId } from '../../../src/engine/ids.ts';
import type { DiscoveredService } from '../../../src/azure/discovered.ts';
import type { MigrationOverview } from '../../../src/engine/overview.ts';
import type { CheckOutcome, MigrationHandle, PreflightReport, Services } from '../../../src/services/contract.ts';
import { readPlan } from '../../../src/services/planReading.ts';
import type { SearchParameterServices } from '../../../src/services/searchParameters/contract.ts';

const unexpected = (): never => {
  throw new Error('This call was not expected.');
};

/** The same for what is done about search parameters. */
export const searchParameters = (given: Partial<SearchParameterServices>): SearchParameterServices => ({
  copy: unexpected,
  reindex: unexpected,
  cancelReindex: unexpected,
  ready: unexpected,
  ...given,
});

/** Services whose every call fails but the given ones. */
export const fakeServices = (given: Partial<Services>): Services => ({
  discover: unexpected,
  rehearsalPlan: unexpected,
  serviceFacts: unexpected,
  service: unexpected,
  serviceByUrl: unexpected,
  storageAccount: unexpected,
  uploadDeidentification: unexpected,
  metadata: unexpected,
  compare: unexpected,
  searchParameters: searchParameters({}),
  profiles: { copy: unexpected },
  compareQueries: unexpected,
  assess: unexpected,
  sinceLastAssessment: unexpected,
  prepare: unexpected,
  changes: { apply: unexpected, remembered: unexpected, undo: unexpected },
  carry: { configuration: unexpected, permissions: unexpected },
  targets: {
    subscriptions: unexpected,
    resourceGroups: unexpected,
    propose: unexpected,
    checkNames: unexpected,
    deploy: unexpected,
  },
  preflight: unexpected,
  summarize: unexpected,
  verify: unexpected,
  removeExtras: unexpected,
  importAgain: unexpected,
  readBoth: unexpected,
  report: unexpected,
  cutover: {
    look: unexpected,
    hold: unexpected,
    decide: unexpected,
    begin: unexpected,
    eventsOn: unexpected,
    signOff: unexpected,
    writtenSince: unexpected,
    goBack: unexpected,
  },
  cleanup: { review: unexpected, remove: unexpected, decommission: unexpected },
  shared: { all: unexpected, add: unexpected, remove: unexpected },
  listMigrations: unexpected,
  openMigration: unexpected,
  startMigration: unexpected,
  dispose: () => Promise.resolve(),
  ...given,
});

export const service = (change: Partial<DiscoveredService> = {}): DiscoveredService => ({
  id: '/subscriptions/s/services/contoso',
  kind: 'azureApiForFhir',
  name: 'contoso',
  endpoint: 'https://contoso.azurehealthcareapis.com',
  resourceId: '/subscriptions/s/services/contoso',
  tenantId: 't',
  subscriptionId: 's',
  resourceGroup: 'g',
  workspace: undefined,
  location: 'westeurope',
  fhirVersion: '4.0',
  provisioningState: 'Succeeded',
  audience: undefined,
  exportStorageAccount: undefined,
  importMode: undefined,
  importStorageAccount: undefined,
  identity: 'systemAssigned',
  principalId: undefined,
  publicNetworkAccess: true,
  tags: {},
  ...change,
});

export function overviewOf(change: Partial<MigrationOverview> = {}): MigrationOverview {
  const { plan } = readPlan(
    JSON.stringify({
      version: 1,
      name: 'night',
      source: { kind: 'azureApiForFhir', name: 'contoso', endpoint: 'https://contoso.azurehealthcareapis.com' },
      target: { kind: 'ahds', name: 'ws/f', endpoint: 'https://ws-f.fhir.azurehealthcareapis.com' },
      staging: { accountName: 'staging', blobEndpoint: 'https://staging.blob.core.windows.net' },
    }),
  );
  if (plan === undefined) throw new Error('The plan of the test is wrong.');
  return {
    id: migrationId('m1'),
    name: 'night',
    plan,
    phase: 'complete',
    waiting: undefined,
    blind: false,
    createdAt: 0,
    startedAt: 0,
    endedAt: 61_000,
    watermark: 60_000,
    verification: {
      until: 30_000,
      lagMs: 40_000,
      by: 'counts',
      windowsVerified: 0,
      windowsDifferent: 0,
      runs: [],
      treated: [],
      accepted: {},
    },
    windows: [],
    operations: [],
    totals: {
      Patient: { exported: 2, imported: 2, alreadyThere: 0, failed: 0, unaccounted: 0, onSource: 2, onTarget: 2 },
    },
    progress: {
      windowsDone: 1,
      windowsKnown: 1,
      exported: 2,
      imported: 2,
      expected: 2,
      rateNow: 1,
      rateAverage: 1,
      remainingMs: undefined,
      remainingBasis: 'Done.',
    },
    throughput: [],
    attention: [],
    notes: [],
    staging: { account: 'staging', container: 'migration', folders: [] },
    journalLength: 9,
    ...change,
  };
}

export function handleOf(overview: MigrationOverview): MigrationHandle {
  return {
    id: overview.id,
    overview: () => overview,
    driver: () => ({ id: 'd', fence: 1, expiresAt: 0 }),
    drivenHere: true,
    journalAt: { place: 'file' },
    isApproved: () => Promise.resolve(true),
    approve: () => Promise.resolve(),
    move: () => Promise.resolve(),
    onChange: () => () => undefined,
    control: () => Promise.resolve(),
    tell: () => Promise.resolve(),
    finish: () => Promise.resolve(),
    change: () => Promise.resolve(),
    stopped: () => Promise.resolve(overview),
    journal: () => Promise.resolve([]),
    leftovers: unexpected,
    stop: unexpected,
    failedLines: unexpected,
    acceptLines: unexpected,
    detach: () => Promise.resolve(),
    dispose: () => undefined,
  };
}

export const reportOf = (outcome: CheckOutcome): PreflightReport => ({
  checks: [{ id: 'x', title: 'The check', outcome, found: 'the evidence', evidence: 'GET /x', nextStep: 'Repair it.' }],
  ok: outcome !== 'failure',
  finishedAt: 0,
  source: { deprecated: false, countsAnswer: true },
  clockSkewMs: 0,
});
