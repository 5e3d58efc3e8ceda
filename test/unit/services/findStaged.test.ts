import assert from 'node:assert/strict';
import type { Staging } from '../../../src/azure/staging.ts';
import type { MigrationOverview } from '../../../src/engine/overview.ts';
import { findStagedIn } from '../../../src/services/definitions/findStaged.ts';
import { overviewOf } from '../cli/fakeServices.ts';
import { never } from '../http/fakeHttp.ts';

const contoso = { endpoint: 'https://Contoso.azurehealthcareapis.com/' };

describe('Exported files that stand for a deprecated source', () => {
  const migration = (createdAt: number, folders: readonly string[], scope: object = {}): MigrationOverview => {
    const overview = overviewOf({ createdAt, staging: { account: 'staging', container: `c${createdAt}`, folders } });
    const staging = { ...overview.plan.staging, container: `c${createdAt}` };
    return { ...overview, plan: { ...overview.plan, staging, scope: { ...overview.plan.scope, ...scope } } };
  };
  const find = (overviews: readonly MigrationOverview[]) => {
    const opened: string[] = [];
    const staging = {
      exportFolders: () =>
        Promise.resolve([
          { folder: 'b', jobId: '2', createdAt: 2 },
          { folder: 'a', jobId: '1', createdAt: 1 },
        ]),
    } as unknown as Staging;
    const found = findStagedIn({
      stagingOf: ({ container }) => {
        opened.push(container);
        return staging;
      },
      overviews: () => Promise.resolve(overviews),
    });
    return { found, opened };
  };

  it('are those of its newest migration that moved everything', async () => {
    const { found, opened } = find([
      migration(1, ['x']),
      migration(3, ['z', 'y']),
      migration(4, ['part'], { resourceTypes: ['Patient'] }),
      migration(5, ['late'], { since: '2026-01-01' }),
      migration(6, []),
    ]);
    assert.deepEqual((await found(contoso, undefined, never))?.folders, ['y', 'z']);
    assert.deepEqual(opened, ['c3']);
  });

  it('are not those of another source, and are none without a migration', async () => {
    const { found } = find([migration(1, ['x'])]);
    assert.equal(await found({ endpoint: 'https://fabrikam.azurehealthcareapis.com' }, undefined, never), undefined);
  });

  it('are all exports of a staging account that was named', async () => {
    const { found, opened } = find([migration(1, ['x'])]);
    const given = { accountName: 'kept', blobEndpoint: 'https://kept.blob.core.windows.net' };
    assert.deepEqual((await found(contoso, given, never))?.folders, ['a', 'b']);
    assert.deepEqual(opened, ['migration']);
  });
});
