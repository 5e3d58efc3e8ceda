import assert from 'node:assert/strict';
import type { Plan } from '../../../src/engine/plan.ts';
import type { Services } from '../../../src/services/contract.ts';
import { demoTarget } from '../../demo/world.ts';
import { parsed } from '../../sandbox/fhir/resourceText.ts';
import { openWorld, type World } from './world.ts';

const signal = new AbortController().signal;
/** A probe is waited for before anything else begins. */
const quick = { exportTiming: { settleMs: 100 } };
const rules = JSON.stringify({ fhirVersion: 'R4', fhirPathRules: [{ path: 'Resource', method: 'redact' }] });

async function deidentifiedPlan(world: World, services: Services): Promise<Plan> {
  const { staging } = world.plan();
  return world.plan({ scope: { deidentified: await services.uploadDeidentification(staging, rules, signal) } });
}

/** Resources on the target, and how many of them say that they were de-identified. */
function onTarget({ sandbox }: World): { readonly all: number; readonly redacted: number } {
  const store = sandbox.store(demoTarget);
  const living = store
    .types()
    .filter((type) => type !== 'SearchParameter')
    .flatMap((type) => [...store.currents(type)])
    .filter(({ deleted }) => !deleted);
  return {
    all: living.length,
    redacted: living.filter((version) => JSON.stringify(parsed(version).meta).includes('"REDACTED"')).length,
  };
}

describe('a de-identified migration between real services', function () {
  this.timeout(120_000);

  it('imports only what the source de-identified, after a probe export showed that it does', async () => {
    await using world = await openWorld(quick);
    const services = world.services();
    const plan = await deidentifiedPlan(world, services);
    const checks = (await services.preflight(plan, signal)).checks;
    assert.equal(checks.find(({ id }) => id === 'staging.deidentification')?.outcome, 'pass');
    const overview = await (await services.startMigration(plan)).stopped();
    assert.equal(overview.phase, 'complete', JSON.stringify(overview.attention));
    const { all, redacted } = onTarget(world);
    assert.ok(all > 0);
    assert.equal(redacted, all);
    assert.ok(overview.notes.some((note) => note.includes('probe export showed that the source de-identifies')));
  });

  it('imports nothing when the configuration is no longer the one of the plan, and says so before and after', async () => {
    await using world = await openWorld(quick);
    const services = world.services();
    const { scope, ...plan } = await deidentifiedPlan(world, services);
    assert.ok(scope.deidentified !== undefined);
    const changed: Plan = { ...plan, scope: { ...scope, deidentified: { ...scope.deidentified, etag: '0x8DOLD' } } };
    const { checks, ok } = await services.preflight(changed, signal);
    assert.ok(!ok);
    const found = checks.find(({ id }) => id === 'staging.deidentification')?.found ?? '';
    assert.match(found, /was changed since the plan was written/);
    const overview = await (await services.startMigration(changed)).stopped();
    assert.equal(overview.phase, 'needsAttention');
    assert.match(JSON.stringify(overview.attention), /condition specified using HTTP conditional header/);
    assert.deepEqual(onTarget(world), { all: 0, redacted: 0 });
  });
});
