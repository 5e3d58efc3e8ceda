import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError } from '../../../src/failure/failure.ts';
import { migrationId } from '../../../src/engine/ids.ts';
import { JournalStores, checkAccount } from '../../../src/services/migrations/journalStores.ts';
import { MemoryBlobs } from '../engine/journal/memoryBlobs.ts';
import { planFor } from '../engine/simulation/world.ts';

const isJournalFailure = (error: unknown): boolean => FailureError.is(error, 'journal');
const id = migrationId('20260501-120000-abcdefgh');
const account = { accountName: 'staging', blobEndpoint: 'https://staging.blob.core.windows.net' };

describe('the journals of a machine', () => {
  let folder = '';
  let blobs: MemoryBlobs;
  let stores: JournalStores;
  const plan = { ...planFor('ahds'), journal: 'staging' as const };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stores-'));
    blobs = new MemoryBlobs();
    stores = new JournalStores(folder, () => blobs);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are found in the folder and in the accounts that it looks into', async () => {
    await stores.create(migrationId('local'), planFor('ahds'));
    await stores.create(id, plan);
    const found = await stores.all(() => assert.fail());
    assert.deepEqual(
      found.map(({ store, account: of }) => [store.migration, store.place, of?.accountName]),
      [
        ['local', 'file', undefined],
        [id, 'staging', 'staging'],
      ],
    );
    assert.equal((await stores.find(id)).store.place, 'staging');
    await assert.rejects((await stores.find(migrationId('nowhere'))).store.read(), isJournalFailure);
  });

  it('may be driven from here when they were started here, and only with the services that were agreed to', async () => {
    await stores.create(id, plan);
    assert.equal(await stores.shared.isApproved(id, plan), true);
    const other = { ...plan, target: { ...plan.target, endpoint: 'https://attacker.example.net' } };
    assert.equal(await stores.shared.isApproved(id, other), false);
    const token = { ...plan, source: { ...plan.source, audience: 'https://other.azurehealthcareapis.com' } };
    assert.equal(await stores.shared.isApproved(id, token), false);
    assert.equal(await stores.shared.isApproved(migrationId('other'), plan), false);
    await stores.shared.approve(id, other);
    assert.equal(await stores.shared.isApproved(id, other), true);
  });

  it('in an account are refused when they are about another account', () => {
    checkAccount(plan, account);
    checkAccount(plan, { ...account, blobEndpoint: 'https://STAGING.blob.core.windows.net/' });
    checkAccount(plan, undefined);
    const other = { accountName: 'other', blobEndpoint: 'https://other.blob.core.windows.net' };
    assert.throws(() => checkAccount(plan, other), isJournalFailure);
  });

  it('remember the accounts in a file that says so when somebody damaged it', async () => {
    await stores.shared.add(account);
    await stores.shared.add({ ...account, blobEndpoint: `${account.blobEndpoint}/` });
    assert.equal((await stores.shared.all()).length, 1);
    await Promise.all([stores.shared.approve(id, plan), stores.shared.remove(account)]);
    assert.deepEqual(await stores.shared.all(), []);
    assert.equal(await stores.shared.isApproved(id, plan), true);
    const file = join(folder, 'shared.json');
    const { v } = JSON.parse(await readFile(file, 'utf8')) as { readonly v: number };
    assert.equal(v, 1);
    await writeFile(file, '{"v":9}');
    await assert.rejects(stores.shared.all(), isJournalFailure);
  });
});
