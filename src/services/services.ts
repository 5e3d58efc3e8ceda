import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createArmClient } from '../azure/armClient.ts';
import { commandTokens } from '../azure/commandTokens.ts';
import { discover } from '../azure/discover.ts';
import { azureCliTokens, clientSecretTokens, defaultTokens } from '../azure/identityTokens.ts';
import { parseCloud } from '../azure/parseCloud.ts';
import { readServiceDetails } from '../azure/serviceDetails.ts';
import { openJournalBlobs } from '../azure/journalBlobs.ts';
import { openStagedBlobs } from '../azure/stagedBlobs.ts';
import { openStaging, type Staging } from '../azure/staging.ts';
import { findStorageAccount, readStorageAccount } from '../azure/storageAccount.ts';
import type { HostFact } from '../engine/events.ts';
import type { MigrationId } from '../engine/ids.ts';
import type { Plan } from '../engine/plan.ts';
import { readMetadata } from '../fhir/metadata.ts';
import { systemClock } from '../http/clock.ts';
import { assessServices } from './assess/assessServices.ts';
import { sinceLastAssessment } from './assess/lastAssessment.ts';
import { changeServices } from './changes/changeServices.ts';
import { openChangeStore } from './changes/changeStore.ts';
import { cleanupServices } from './cleanup/cleanupServices.ts';
import { createClients } from './clients.ts';
import { compareServices } from './compare/compareServices.ts';
import type { Services, ServicesOptions } from './contract.ts';
import { cutoverServices } from './cutover/cutoverServices.ts';
import { findStagedIn } from './definitions/findStaged.ts';
import { JournalStores } from './migrations/journalStores.ts';
import { MigrationList } from './migrations/migrationList.ts';
import { gatherFacts } from './portfolio/gatherFacts.ts';
import { sourcePort, targetPort } from './ports/fhirPorts.ts';
import { profileServices } from './profiles/copyProfiles.ts';
import { carryPlan } from './configuration/carryPlan.ts';
import { permissionPlan } from './configuration/permissionPlan.ts';
import { prepareMigration } from './prepare/prepareMigration.ts';
import { compareQueries } from './queries/compareQueries.ts';
import { measuredRates } from './prediction/measuredRates.ts';
import { makeReport } from './report/makeReport.ts';
import { runPreflight } from './preflight/runPreflight.ts';
import { rehearsalPlan } from './rehearsal/rehearsalPlan.ts';
import { searchParameterServices } from './searchParameters/searchParameterServices.ts';
import { serviceByUrl } from './serviceByUrl.ts';
import { summarize } from './summarize.ts';
import { importAgain } from './verify/importAgain.ts';
import { readBoth } from './verify/readBoth.ts';
import { targetServices } from './targets/targetServices.ts';
import { removeExtras } from './verify/removeExtras.ts';
import { verify } from './verify/verify.ts';

export { azureCliTokens, clientSecretTokens, commandTokens, defaultTokens, parseCloud };

/** Everything that talks to Azure or runs the engine, wired for one host. */
export function createServices(options: ServicesOptions): Services {
  const { cloud, tokens, log, userAgent, journalFolder, clock = systemClock } = options;
  const clients = createClients(options);
  const arm = createArmClient(clients.arm);
  const stagingAt = (staging: Plan['staging']): Staging =>
    openStaging({ ...staging, cloud, tokens, userAgent, log, clock, httpClient: clients.httpClient });
  const stagingOf = ({ staging }: Plan): Staging => stagingAt(staging);
  const journals = new JournalStores(
    journalFolder,
    (place) =>
      openJournalBlobs({ ...place, cloud, tokens, userAgent, log, httpClient: clients.httpClient, attempts: 2 }),
    { now: () => clock.now() },
  );
  const migrations = new MigrationList({
    journals,
    driverId: randomUUID(),
    clock,
    random: Math.random,
    log,
    portsOf: async (plan, signal) => {
      const [source, target] = await Promise.all([clients.of(plan.source, signal), clients.of(plan.target, signal)]);
      return { source: sourcePort(source), target: targetPort(target), staging: stagingOf(plan) };
    },
  });
  const overviews = async () => (await migrations.all()).map((migration) => migration.overview());
  const findStaged = findStagedIn({ stagingOf: stagingAt, overviews });
  const verifying = {
    clients,
    stagingOf,
    overviewOf: async (id: MigrationId) => (await migrations.open(id)).overview(),
    tell: async (id: MigrationId, fact: HostFact) => (await migrations.open(id)).tell(fact),
    now: () => clock.now(),
    random: Math.random,
  };
  const searchParameters = searchParameterServices({ clients, arm, cloud, findStaged });
  const changeStore = openChangeStore(join(journalFolder, 'changes.jsonl'));
  const changes = changeServices({
    arm,
    store: changeStore,
    now: () => clock.now(),
    openContainer: (change) =>
      openStaging({ ...change, cloud, tokens, userAgent, log, httpClient: clients.httpClient }),
  });
  const measuredFor = async (plan: Plan) => measuredRates(plan, await migrations.all());
  return {
    discover: (scope, signal) => discover(clients.arm, scope, signal),
    serviceFacts: (services, signal, told) => gatherFacts(services, { arm, clients, now: clock.now() }, signal, told),
    service: async (resourceId, tenantId, signal) =>
      (await readServiceDetails(arm, resourceId, tenantId, signal)).service,
    serviceByUrl: (endpoint, signal) => serviceByUrl(clients.anonymous(endpoint), cloud, signal),
    storageAccount: async (nameOrId, tenantId, signal) => {
      const read = nameOrId.startsWith('/') ? readStorageAccount : findStorageAccount;
      const account = await read(arm, nameOrId, tenantId, signal);
      return {
        accountName: account.name.toLowerCase(),
        blobEndpoint: account.blobEndpoint,
        resourceId: account.resourceId,
        ...(account.tenantId === undefined ? {} : { tenantId: account.tenantId }),
      };
    },
    uploadDeidentification: (staging, text, signal) =>
      stagingAt({ ...staging, container: staging.container ?? 'migration' }).uploadDeidentification(text, signal),
    metadata: async (endpoint, signal) => (await readMetadata(clients.anonymous(endpoint), signal)).text,
    compare: (source, target, aspects, signal, staging) =>
      compareServices(source, target, aspects, { clients, arm, cloud, findStaged, staging, signal }),
    assess: (input, signal) => assessServices(input, { clients, arm, cloud, stagingAt, overviews, signal }),
    sinceLastAssessment: (assessment) => sinceLastAssessment(join(journalFolder, '.assessments'), assessment),
    searchParameters,
    profiles: profileServices({ clients, arm, cloud, findStaged }),
    compareQueries: (source, target, queries, progress, signal) =>
      compareQueries(source, target, queries, progress, { clients, arm, cloud, findStaged, signal }),
    prepare: (plan, signal) =>
      prepareMigration(plan, stagingOf(plan), { clients, arm, cloud, tokens, now: () => clock.now() }, signal),
    targets: targetServices({ clients, arm, cloud, findStaged }, () => clock.now()),
    carry: {
      configuration: (source, target, signal) => carryPlan(source, target, { clients, arm, cloud, findStaged, signal }),
      permissions: (source, target, signal) =>
        permissionPlan(source, target, { clients, arm, cloud, findStaged, signal }),
    },
    changes,
    preflight: async (plan, signal, progress = () => undefined) =>
      runPreflight(plan, clients, stagingOf(plan), await migrations.driving(plan.target.endpoint), signal, progress),
    summarize: async (plan, signal) =>
      summarize(plan, await clients.of(plan.source, signal), { arm, measured: measuredFor }, signal),
    rehearsalPlan: async (plan, slice, scratch, signal) =>
      rehearsalPlan(plan, slice, scratch, await clients.of(plan.source, signal), signal),
    verify: (request, signal, watch = {}) => verify(request, verifying, signal, watch),
    removeExtras: (request, signal, progress = () => undefined) => removeExtras(request, verifying, signal, progress),
    importAgain: (request, signal, progress = () => undefined) => importAgain(request, verifying, signal, progress),
    readBoth: (request, signal) => readBoth(request, verifying, signal),
    cutover: cutoverServices({
      open: (id) => migrations.open(id),
      clients,
      arm,
      stagingOf,
      compare: (source, target, staging, signal) =>
        compareServices(source, target, undefined, { clients, arm, cloud, findStaged, staging, signal }),
      parametersReady: (target, signal) => searchParameters.ready(target, signal),
      changes,
      now: () => clock.now(),
    }),
    cleanup: cleanupServices({
      open: (id) => migrations.open(id),
      all: () => migrations.all(),
      blobsOf: (staging) =>
        openStagedBlobs({ ...staging, cloud, tokens, userAgent, log, httpClient: clients.httpClient }),
      changes,
      store: changeStore,
      clients,
      arm,
      clock,
    }),
    report: (id) =>
      makeReport(id, {
        open: (migration) => migrations.open(migration),
        changes: changeStore,
        product: userAgent,
        now: () => clock.now(),
      }),
    shared: journals.shared,
    listMigrations: (problem) => migrations.all(problem),
    openMigration: (id) => migrations.open(id),
    startMigration: (plan) => migrations.start(plan),
    dispose: () => migrations.dispose(),
  };
}
