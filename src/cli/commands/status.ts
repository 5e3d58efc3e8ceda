import type { ControlRequest } from '../../engine/ports.ts';
import type { Failure } from '../../failure/failure.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { phaseWords, progressText, summaryLines } from '../output/describe.ts';
import { table } from '../output/table.ts';
import { chosenMigration, type Session } from '../session.ts';

/** Shows one migration, or the list of all when no id is given and there are several. */
export async function status({ services, output }: Session, id: string | undefined): Promise<ExitCode> {
  const problem = (place: string, failure: Failure): void => {
    output.record('problem', { place, failure });
    output.line(`${place}: ${failure.message}`);
  };
  const all = id === undefined ? await services.listMigrations(problem) : [await chosenMigration(services, id)];
  for (const handle of all) {
    output.record('migration', { ...handle.overview(), driver: handle.driver(), journal: handle.journalAt });
  }
  const [only, ...others] = all;
  if (only === undefined) {
    output.line('There is no migration in this journal folder, and none in a storage account that is looked into.');
  } else if (others.length === 0) {
    output.line(progressText(only.overview()));
    for (const line of summaryLines(only.overview())) output.line(line);
  } else {
    const rows = all.map((handle) => {
      const { name, phase, progress } = handle.overview();
      const driven = handle.driver() === undefined ? 'nobody' : 'driven';
      return [
        handle.id,
        name,
        phaseWords(phase),
        `${progress.windowsDone}/${progress.windowsKnown}`,
        progress.imported,
        driven,
        handle.journalAt.account ?? 'here',
      ];
    });
    for (const line of table(['id', 'name', 'state', 'windows', 'imported', 'driver', 'journal'], rows))
      output.line(line);
    for (const handle of all) {
      const { waiting } = handle.overview();
      if (waiting !== undefined) output.line(`${handle.id}: ${waiting}`);
    }
  }
  for (const handle of all) handle.dispose();
  return exitCodes.success;
}

/** Asks the driver of a migration, in whatever process it runs, to pause or cancel. Without a driver it is done here. */
export async function control(
  { services, output }: Session,
  request: Extract<ControlRequest, 'pause' | 'cancel'>,
  id: string | undefined,
): Promise<ExitCode> {
  const handle = await chosenMigration(services, id);
  const driven = handle.driver() !== undefined;
  await handle.control(request);
  if (!driven && request === 'cancel') await handle.stopped();
  output.record('requested', { migration: handle.id, request });
  output.line(
    driven
      ? `Asked the driver of ${handle.id} to ${request}.`
      : `${handle.id}: ${phaseWords(handle.overview().phase)}.`,
  );
  handle.dispose();
  return exitCodes.success;
}
