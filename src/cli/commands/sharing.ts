import type { JournalPlace } from '../../engine/ports.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { table } from '../output/table.ts';
import { chosenMigration, UsageError, type Session } from '../session.ts';
import { stagingAt } from '../stagingAt.ts';

export interface SharedOptions {
  readonly add?: string;
  readonly remove?: string;
  readonly tenant?: string;
}

/** Changes and lists the storage accounts that are looked into for migrations of others. */
export async function shared({ services, output, signal }: Session, options: SharedOptions): Promise<ExitCode> {
  const { shared: places } = services;
  if (options.add !== undefined) await places.add(await stagingAt(services, options.add, options.tenant, signal));
  if (options.remove !== undefined) {
    const name = options.remove.toLowerCase().replace(/\/+$/, '');
    const found = (await places.all()).find(
      ({ accountName, blobEndpoint }) =>
        accountName === name || blobEndpoint.toLowerCase().replace(/\/+$/, '') === name,
    );
    if (found === undefined) throw new UsageError(`${options.remove} is not looked into.`);
    await places.remove(found);
  }
  const all = await places.all();
  for (const place of all) output.record('shared', place);
  if (all.length === 0) output.line('No storage account is looked into for shared migrations.');
  const rows = all.map(({ accountName, blobEndpoint }) => [accountName, blobEndpoint]);
  if (rows.length > 0) for (const line of table(['account', 'address'], rows)) output.line(line);
  return exitCodes.success;
}

/** Moves the journal of a migration that nobody drives. */
export async function moveJournal(
  { services, output }: Session,
  id: string | undefined,
  to: JournalPlace,
): Promise<ExitCode> {
  const handle = await chosenMigration(services, id);
  try {
    await handle.move(to);
    output.record('moved', { migration: handle.id, ...handle.journalAt });
    const { account } = handle.journalAt;
    output.line(
      account === undefined
        ? `The journal of ${handle.id} is in the journal folder.`
        : `The journal of ${handle.id} is in the storage account ${account}. Others see it after: fhir-migration shared --add ${account}`,
    );
    return exitCodes.success;
  } finally {
    handle.dispose();
  }
}
