import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MigrationOverview } from '../../../src/engine/overview.ts';
import type { Plan, PlanInput } from '../../../src/engine/plan.ts';
import type { Clock } from '../../../src/engine/ports.ts';
import { systemClock } from '../../../src/http/clock.ts';
import type { MigrationHandle, Services } from '../../../src/services/contract.ts';
import { readPlan } from '../../../src/services/planReading.ts';
import { clientSecretTokens, createServices } from '../../../src/services/services.ts';
import { demoSource, demoTarget, prove } from '../../demo/world.ts';
import { cloudOf } from '../../sandbox/cloudSettings.ts';
import type { DataSource, FhirServiceSpec, RunningSandbox } from '../../sandbox/contract.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';

const data: readonly DataSource[] = [{ kind: 'patients', count: 6, years: 1 }, { kind: 'customDefinitions' }];
const nothing = (): void => undefined;

/** A small source and an empty target, the services of the product pointed at them, and a folder for journals. */
export interface World {
  readonly sandbox: RunningSandbox;
  readonly journals: string;
  /** Time of the services and of the product. */
  readonly clock: Clock;
  plan(change?: Partial<PlanInput>): Plan;
  /** Services of another process: they know nothing but the journals. */
  services(journals?: string): Services;
  [Symbol.asyncDispose](): Promise<void>;
}

/** @param pace seconds of the services and of the product in one of the clock on the wall */
export async function openWorld(
  source: Partial<FhirServiceSpec> = {},
  target: Partial<FhirServiceSpec> = {},
  pace = 1,
): Promise<World> {
  const sandbox = await startSandbox({
    clockFactor: pace,
    services: [
      { name: demoSource, flavour: 'azureApiForFhir', data, ...source },
      { name: demoTarget, flavour: 'ahds', ...target },
    ],
  });
  const journals = await mkdtemp(join(tmpdir(), 'fhir-migration-scenario-'));
  const opened: Services[] = [];
  const cloud = cloudOf(sandbox);
  const clock = pace === 1 ? systemClock : clockOf(sandbox);
  return {
    sandbox,
    journals,
    clock,
    plan: (change = {}) => planOf(sandbox, change),
    services: (journalFolder = journals) => {
      const services = createServices({
        cloud,
        tokens: clientSecretTokens(cloud, {
          tenantId: sandbox.tenantId,
          clientId: sandbox.clientId,
          secret: sandbox.clientSecret,
        }),
        journalFolder,
        log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
        userAgent: 'fhir-migration-scenarios',
        clock,
      });
      opened.push(services);
      return services;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(opened.map((services) => services.dispose()));
      await sandbox.stop();
      await rm(journals, { recursive: true, force: true });
    },
  };
}

/** The same where time passes twenty times faster: a migration mostly waits. Storage keeps the time on the wall. */
export function openFastWorld(source?: Partial<FhirServiceSpec>, target?: Partial<FhirServiceSpec>): Promise<World> {
  return openWorld(source, target, 20);
}

/** The sandbox's time for the product: its sleeps end early, without error, when they are aborted. */
export function clockOf({ clock }: RunningSandbox): Clock {
  return { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal).catch(nothing) };
}

function planOf(sandbox: RunningSandbox, change: Partial<PlanInput>): Plan {
  const service = (name: string, kind: 'azureApiForFhir' | 'ahds'): PlanInput['source'] => ({
    kind,
    name,
    endpoint: sandbox.endpointOf(name),
    resourceId: sandbox.resourceIdOf(name),
    tenantId: sandbox.tenantId,
  });
  const { plan, problems } = readPlan(
    JSON.stringify({
      version: 1,
      name: 'scenario',
      source: service(demoSource, 'azureApiForFhir'),
      target: service(demoTarget, 'ahds'),
      staging: { accountName: 'contosostaging', blobEndpoint: sandbox.blobEndpoint('contosostaging') },
      limits: { windowDays: 150, joinBelowResources: 0 },
      ...change,
    }),
  );
  assert.ok(plan !== undefined, problems.map(({ message }) => message).join(' '));
  return plan;
}

/** Runs a migration until it stops by itself. */
export async function migrated(world: World, change?: Partial<PlanInput>): Promise<MigrationOverview> {
  return (await world.services().startMigration(world.plan(change))).stopped();
}

/** Complete, every line accounted for, and both services hold the same, seen from the inside. */
export function assertComplete(world: World, overview: MigrationOverview): void {
  assert.equal(overview.phase, 'complete', JSON.stringify(overview.attention));
  const totals = Object.values(overview.totals);
  assert.ok(totals.length > 0);
  for (const { failed, unaccounted } of totals) assert.equal(failed + unaccounted, 0);
  const { missing, extra } = prove(world.sandbox);
  assert.deepEqual({ missing, extra }, { missing: 0, extra: 0 });
}

/** Resolves when something about a migration holds; it is looked at on every change. */
export function until(handle: MigrationHandle, holds: (overview: MigrationOverview) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = handle.onChange(look);
    function look(): void {
      if (!holds(handle.overview())) return;
      stop();
      resolve();
    }
    look();
  });
}
