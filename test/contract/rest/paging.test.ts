import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Flavour } from '../../sandbox/contract.ts';
import { assertOutcome, idsOf, linkOf, TestService } from './fixture.ts';

const flavours: readonly Flavour[] = ['ahds', 'azureApiForFhir'];
const types = ['Basic', 'Flag', 'Patient'];

/** Stores resources whose dates often coincide; every fifth is deleted again. */
function filled(flavour: Flavour, seconds: readonly number[]): { service: TestService; live: readonly string[] } {
  const service = new TestService({ flavour });
  const { store } = service.service;
  const live: string[] = [];
  for (const [number, second] of seconds.entries()) {
    const type = types[number % types.length] ?? 'Basic';
    const id = `r${number}`;
    const lastUpdated = service.clock.now() - 100_000 + second * 1_000;
    const json = JSON.stringify({ resourceType: type, id });
    store.put({ type, id, versionId: '1', lastUpdated, deleted: false, method: 'PUT', json });
    if (number % 5 === 4) {
      store.put({ type, id, versionId: '2', lastUpdated: lastUpdated + 1, deleted: true, method: 'DELETE', json });
    } else {
      live.push(id);
    }
  }
  return { service, live };
}

describe('paging', () => {
  for (const flavour of flavours) {
    for (const sort of ['', '&_sort=_lastUpdated', '&_sort=-_lastUpdated']) {
      it(`meets every resource exactly once (${flavour}${sort})`, async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }),
            fc.integer({ min: 1, max: 11 }),
            async (seconds, count) => {
              const { service, live } = filled(flavour, seconds);
              const pages = await service.pages(`/?_count=${count}${sort}`);
              assert.deepEqual([...idsOf(...pages)].sort(), [...live].sort());
              for (const page of pages) assert.ok(idsOf(page).length <= count);
            },
          ),
          { numRuns: 40 },
        );
      });
    }

    it(`counts what the pages hold, in any window (${flavour})`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }),
          fc.integer({ min: 0, max: 9 }),
          fc.integer({ min: 0, max: 9 }),
          async (seconds, from, till) => {
            const { service } = filled(flavour, seconds);
            const at = (second: number): string =>
              new Date(service.clock.now() - 100_000 + second * 1_000).toISOString();
            const window = `_lastUpdated=ge${at(from)}&_lastUpdated=lt${at(till)}`;
            const { body } = await service.get(`/?_summary=count&${window}`);
            assert.equal(body.total, idsOf(...(await service.pages(`/?_count=7&${window}`))).length);
          },
        ),
        { numRuns: 40 },
      );
    });
  }

  it('of gen1 has short and empty pages with a next link', async () => {
    const { service } = filled(
      'azureApiForFhir',
      Array.from({ length: 60 }, (_, index) => index % 10),
    );
    const pages = await service.pages('/?_count=4');
    const withNext = pages.filter((page) => linkOf(page, 'next') !== undefined);
    assert.ok(withNext.some((page) => idsOf(page).length === 0));
    assert.ok(withNext.some((page) => idsOf(page).length === 2));
    assert.equal(pages[0] && idsOf(pages[0]).length, 4);
  });

  it('of gen2 fills every page but the last', async () => {
    const { service } = filled(
      'ahds',
      Array.from({ length: 60 }, (_, index) => index % 10),
    );
    const pages = await service.pages('/?_count=4');
    for (const page of pages.slice(0, -1)) assert.equal(idsOf(page).length, 4);
  });

  it('meets resources that come while it goes on', async () => {
    const { service } = filled('ahds', [1, 2, 3, 4]);
    const first = await service.get('/?_sort=_lastUpdated&_count=2');
    await service.have({ resourceType: 'Basic', id: 'late' });
    const rest = await service.pages(linkOf(first, 'next') ?? '');
    assert.ok(idsOf(...rest).includes('late'));
  });

  it('refuses a continuation that it did not give', async () => {
    const { service } = filled('ahds', [1]);
    for (const token of ['nonsense', 'e30=', 'WzFd', 'WzAsMCwiUGF0aWVudCJd', '%F0%9F%98%80']) {
      assertOutcome(await service.get(`/?ct=${token}`), 400, 'invalid', 'The continuation token is invalid.');
    }
  });
});
