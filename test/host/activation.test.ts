import assert from 'node:assert/strict';

import { requestCounts } from './sandboxAdmin.ts';
import { extensionUnderTest } from './manifest.ts';
import { testApi } from './testApi.ts';

describe('activation', () => {
  it('asks nothing of the outside and does not load the services', async () => {
    const extension = extensionUnderTest();
    assert.equal(extension.isActive, false);
    await extension.activate();
    assert.equal(extension.isActive, true);
    const api = await testApi();
    assert.equal(api.servicesLoaded(), false);
    assert.deepEqual(await requestCounts(), {});
  });
});
