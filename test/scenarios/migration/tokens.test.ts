import assert from 'node:assert/strict';
import { cacheTokens } from '../../../src/azure/tokenCache.ts';
import type { TokenRequest } from '../../../src/azure/tokens.ts';
import { silentLog } from '../../../src/http/log.ts';
import { clientSecretTokens, createServices } from '../../../src/services/services.ts';
import { demoSource, demoTarget } from '../../demo/world.ts';
import { cloudOf } from '../../sandbox/cloudSettings.ts';
import { assertComplete, openWorld } from './world.ts';

const half = 30_000;

describe('tokens that expire every half minute', function () {
  this.timeout(120_000);

  it('are renewed in silence, each once, and no job is lost over them', async () => {
    // Jobs are looked at many times while they run.
    const timing = { fixedMs: 4 * half };
    await using world = await openWorld({ exportTiming: timing }, { importTiming: timing }, 60);
    const { sandbox, clock } = world;
    const cloud = cloudOf(sandbox);
    const principal = { tenantId: sandbox.tenantId, clientId: sandbox.clientId, secret: sandbox.clientSecret };
    const source = clientSecretTokens(cloud, principal);
    const asked: TokenRequest[] = [];
    const services = createServices({
      cloud,
      tokens: cacheTokens({
        getToken: (request, signal) => {
          asked.push(request);
          return source.getToken(request, signal);
        },
      }),
      journalFolder: world.journals,
      log: { ...silentLog, error: () => undefined },
      userAgent: 'tokens',
      clock,
    });
    const over = new AbortController();
    let expiries = 0;
    const expiring = (async () => {
      while (!over.signal.aborted) {
        await clock.sleep(half, over.signal);
        sandbox.expireTokens();
        expiries += 1;
      }
    })();
    try {
      const handle = await services.startMigration(world.plan({ limits: { windowDays: 3_660 } }));
      const overview = await handle.stopped();
      assertComplete(world, overview);
      assert.ok(overview.windows.every(({ attempts }) => attempts <= 1));
      const jobs = [...sandbox.jobs(demoSource), ...sandbox.jobs(demoTarget)];
      assert.ok(jobs.every(({ state }) => state === 'completed'));
      const renewed = asked.filter(({ refused }) => refused !== undefined);
      assert.ok(expiries >= 6 && renewed.length >= 6, `${expiries} expiries, ${renewed.length} renewals`);
      // A refused token is asked to be replaced once, however many requests it was refused to.
      assert.equal(new Set(renewed.map(({ refused }) => refused)).size, renewed.length);
      // Claims are what a person would be asked to sign in again for.
      assert.equal(asked.filter(({ claims }) => claims !== undefined).length, 0);
    } finally {
      over.abort();
      await expiring;
      await services.dispose();
    }
  });
});
