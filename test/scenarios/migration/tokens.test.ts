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
    await using world = await openWorld({ exportTiming: timing }, { importTiming: timing }, 20);
    const { sandbox, clock } = world;
    const cloud = cloudOf(sandbox);
    const principal = { tenantId: sandbox.tenantId, clientId: sandbox.clientId, secret: sandbox.clientSecret };
    const source = clientSecretTokens(cloud, principal);
    const asked: TokenRequest[] = [];
    const cached = cacheTokens({
      getToken: (request, signal) => {
        asked.push(request);
        return source.getToken(request, signal);
      },
    });
    let expiries = 0;
    let expiredAt = clock.now();
    const services = createServices({
      cloud,
      tokens: {
        getToken: (request, signal) => {
          // Just before a request, so that a renewed token lives long enough on machines of any speed.
          if (request.refused === undefined && clock.now() - expiredAt >= half) {
            sandbox.expireTokens();
            expiredAt = clock.now();
            expiries += 1;
          }
          return cached.getToken(request, signal);
        },
      },
      journalFolder: world.journals,
      log: { ...silentLog, error: () => undefined },
      userAgent: 'tokens',
      clock,
    });
    try {
      const handle = await services.startMigration(world.plan({ limits: { windowDays: 3_660 } }));
      const overview = await handle.stopped();
      assertComplete(world, overview);
      assert.ok(overview.windows.every(({ attempts }) => attempts <= 1));
      const jobs = [...sandbox.jobs(demoSource), ...sandbox.jobs(demoTarget)];
      assert.ok(jobs.every(({ state }) => state === 'completed'));
      const renewed = asked.filter(({ refused }) => refused !== undefined);
      assert.ok(expiries >= 5 && renewed.length >= 5, `${expiries} expiries, ${renewed.length} renewals`);
      // A refused token is asked to be replaced once, however many requests it was refused to.
      assert.equal(new Set(renewed.map(({ refused }) => refused)).size, renewed.length);
      // Claims are what a person would be asked to sign in again for.
      assert.equal(asked.filter(({ claims }) => claims !== undefined).length, 0);
    } finally {
      await services.dispose();
    }
  });
});
