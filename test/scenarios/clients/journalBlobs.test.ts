import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openJournalBlobs, type JournalBlobs } from '../../../src/azure/journalBlobs.ts';
import { migrationId } from '../../../src/engine/ids.ts';
import { BlobJournal } from '../../../src/engine/journal/blobJournal.ts';
import { FailureError } from '../../../src/failure/failure.ts';
import { storeContract } from '../../unit/engine/journal/storeContract.ts';
import type { StorePlace } from '../../unit/engine/journal/stores.ts';
import { type Clients, useClients } from './fixture.ts';

const open = ({ sandbox, cloud, tokens, httpClient }: Clients): JournalBlobs =>
  openJournalBlobs({
    cloud,
    tokens,
    httpClient,
    userAgent: 'tests',
    tenantId: sandbox.tenantId,
    accountName: 'contosostaging',
    blobEndpoint: sandbox.blobEndpoint('contosostaging'),
  });

/** A journal of its own in the one container. */
function journalIn(clients: Clients): StorePlace {
  const migration = migrationId(`m-${randomUUID()}`);
  return {
    create: () => BlobJournal.create(open(clients), migration),
    open: () => BlobJournal.open(open(clients), migration),
    end: () => Promise.resolve(),
  };
}

describe('A journal in append blobs of a storage account', function () {
  this.timeout(60_000);
  const clients = useClients({ services: [{ name: 'contoso', flavour: 'ahds' }] });
  let place: StorePlace;
  beforeEach(() => {
    place = journalIn(clients());
  });

  it('has no container before the first journal, and is found by its folder afterwards', async () => {
    const blobs = open(clients());
    assert.deepEqual(await blobs.folders(), []);
    assert.deepEqual(await blobs.list('x/'), []);
    const { migration } = await place.create();
    assert.deepEqual(await blobs.folders(), [migration]);
  });

  storeContract(() => place);

  it('refuses every append but one when several believe to write at the same place', async () => {
    const blobs = open(clients());
    const name = `${randomUUID()}/log/x.log`;
    assert.equal(await blobs.create(name), true);
    assert.equal(await blobs.create(name), false);
    for (let at = 0; at < 30; at += 3) {
      const texts = ['aaa', 'bbb', 'ccc'];
      const done = await Promise.all(texts.map((text) => blobs.append(name, at, Buffer.from(text))));
      assert.equal(done.filter(Boolean).length, 1);
    }
    const read = await blobs.read(name, 27);
    assert.equal(read?.bytes.length, 3);
    assert.equal((await blobs.read(name, 30))?.bytes.length, 0);
    assert.equal((await blobs.list(name))[0]?.etag, read.etag);
    assert.equal(await blobs.read(`${name}.not`, 0), undefined);
  });

  it('replaces only the version that the writer knows', async () => {
    const blobs = open(clients());
    const name = `${randomUUID()}/lease.json`;
    const first = await blobs.write(name, Buffer.from('1'), 'nothing');
    assert.ok(first !== undefined);
    assert.equal(await blobs.write(name, Buffer.from('2'), 'nothing'), undefined);
    const second = await blobs.write(name, Buffer.from('2'), { etag: first });
    assert.ok(second !== undefined);
    assert.equal(await blobs.write(name, Buffer.from('3'), { etag: first }), undefined);
    const read = await blobs.read(name, 0);
    assert.equal(read?.bytes.toString(), '2');
    assert.equal(read.etag, second);
    assert.ok(read.ageMs >= 0 && read.ageMs < 60_000);
    await blobs.remove(name);
    await blobs.remove(name);
    assert.equal(await blobs.read(name, 0), undefined);
  });

  it('tells which account cannot be reached', async () => {
    const { cloud, tokens, httpClient, sandbox } = clients();
    const blobEndpoint = sandbox.blobEndpoint('contosostaging').replace('contosostaging', 'elsewhere');
    const blobs = openJournalBlobs({
      cloud,
      tokens,
      httpClient,
      userAgent: 'tests',
      tenantId: sandbox.tenantId,
      accountName: 'elsewhere',
      blobEndpoint,
      attempts: 1,
    });
    await assert.rejects(
      blobs.create('m/log/x'),
      (error) => FailureError.is(error) && error.message.includes('elsewhere'),
    );
  });
});
