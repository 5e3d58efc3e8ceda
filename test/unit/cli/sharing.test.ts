import assert from 'node:assert/strict';
import type { MigrationHandle, Services, SharedPlaces } from '../../../src/services/contract.ts';
import { migrationId } from '../../../src/engine/ids.ts';
import { fakeServices, handleOf, overviewOf } from './fakeServices.ts';
import { UsageError } from '../../../src/cli/session.ts';
import { CommanderError } from 'commander';
import { run } from './runCommand.ts';

const account = { accountName: 'contosostaging', blobEndpoint: 'https://contosostaging.blob.core.windows.net' };

function places(known: (typeof account)[]): SharedPlaces {
  return {
    all: () => Promise.resolve(known),
    add: (place) => Promise.resolve(void known.push(place)),
    remove: (place) =>
      Promise.resolve(
        void known.splice(
          known.findIndex((one) => one === place),
          1,
        ),
      ),
  };
}

function withHandle(change: Partial<MigrationHandle>, given: Partial<Services> = {}): Services {
  const handle = { ...handleOf(overviewOf()), ...change };
  return fakeServices({
    openMigration: () => Promise.resolve(handle),
    listMigrations: () => Promise.resolve([handle]),
    ...given,
  });
}

describe('sharing on the command line', () => {
  it('adds, lists and removes storage accounts to look into', async () => {
    const known: (typeof account)[] = [];
    const services = fakeServices({ shared: places(known), storageAccount: () => Promise.resolve(account) });
    const added = await run(services, ['shared', '--add', 'contosostaging']);
    assert.equal(added.code, 0);
    assert.match(added.out, /contosostaging +https:/);
    await assert.rejects(run(services, ['shared', '--remove', 'elsewhere']), UsageError);
    const removed = await run(services, ['shared', '--remove', `${account.blobEndpoint}/`]);
    assert.match(removed.out, /No storage account/);
    assert.deepEqual(known, []);
  });

  it('tells of accounts that cannot be looked into, beside the migrations', async () => {
    const services = withHandle(
      { journalAt: { place: 'staging', account: 'contosostaging' } },
      {
        listMigrations: (problem) => {
          problem?.(migrationId('elsewhere'), { kind: 'network', message: 'It does not answer.' });
          return Promise.resolve([handleOf(overviewOf({ id: migrationId('a') })), handleOf(overviewOf())]);
        },
      },
    );
    const { code, out } = await run(services, ['status']);
    assert.equal(code, 0);
    assert.match(out, /elsewhere: It does not answer\./);
    assert.match(out, /journal/);
  });

  it('moves a journal and says where it is', async () => {
    const moves: string[] = [];
    const services = withHandle({
      journalAt: { place: 'staging', account: 'contosostaging' },
      move: (to) => Promise.resolve(void moves.push(to)),
    });
    const { code, out } = await run(services, ['move-journal', 'm', '--to', 'staging']);
    assert.equal(code, 0);
    assert.deepEqual(moves, ['staging']);
    assert.match(out, /in the storage account contosostaging/);
    await assert.rejects(run(services, ['move-journal', 'm']), CommanderError);
    await assert.rejects(run(services, ['move-journal', 'm', '--to', 'moon']), CommanderError);
  });

  it('takes over what was started elsewhere only when told to, and shows what that signs in to', async () => {
    let approved = false;
    const services = withHandle({
      isApproved: () => Promise.resolve(approved),
      approve: () => Promise.resolve(void (approved = true)),
    });
    await assert.rejects(run(services, ['resume', 'm', '--json']), UsageError);
    assert.equal(approved, false);
    const { out } = await run(services, ['resume', 'm', '--take-over']);
    assert.equal(approved, true);
    const { source, target, staging } = overviewOf().plan;
    for (const address of [source.endpoint, target.endpoint, staging.blobEndpoint]) {
      assert.ok(out.includes(address), address);
    }
  });
});
