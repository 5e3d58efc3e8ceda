import type { MigrationOverview } from '../../engine/overview.ts';
import type { MigrationHandle } from '../../services/contract.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { summaryLines } from '../output/describe.ts';
import { follow } from '../output/follow.ts';
import { checkInterrupted, chosenMigration, planIn, type Session } from '../session.ts';
import { passesPreflight } from './preflight.ts';

export interface MigrateOptions {
  readonly plan: string;
  readonly preflight: boolean;
}

/** Checks a plan, starts its migration and drives it to its end. */
export async function migrate(session: Session, options: MigrateOptions): Promise<ExitCode> {
  const plan = await planIn(options.plan);
  if (options.preflight && !(await passesPreflight(session, plan))) {
    session.output.line('Nothing was started.');
    return exitCodes.preflightFailed;
  }
  checkInterrupted(session.signal);
  const handle = await session.services.startMigration(plan);
  session.output.record('started', { migration: handle.id });
  session.output.line(`Migration ${handle.id} started. Ctrl-C leaves it resumable: fhir-migration resume ${handle.id}`);
  return drive(session, handle);
}

/** Drives a migration again that was paused, interrupted or needs attention. */
export async function resume(session: Session, id: string | undefined): Promise<ExitCode> {
  const handle = await chosenMigration(session.services, id);
  if (handle.overview().phase !== 'complete') await handle.control('resume');
  return drive(session, handle);
}

async function drive(session: Session, handle: MigrationHandle): Promise<ExitCode> {
  const { output, signal } = session;
  const stopFollowing = follow(handle, output);
  const interrupt = (): void => void handle.detach();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    if (signal.aborted) await handle.detach();
    const overview = await handle.stopped();
    stopFollowing();
    report(session, overview);
    return signal.aborted && overview.phase !== 'complete' ? exitCodes.interrupted : codeOf(overview);
  } finally {
    stopFollowing();
    signal.removeEventListener('abort', interrupt);
  }
}

function report({ output }: Session, overview: MigrationOverview): void {
  output.record('summary', overview);
  for (const line of summaryLines(overview)) output.line(line);
}

/** Exit code of a migration in its present phase. */
export function codeOf(overview: MigrationOverview): ExitCode {
  if (overview.phase === 'complete') return exitCodes.success;
  if (overview.phase === 'needsAttention') return exitCodes.needsAttention;
  return exitCodes.stopped;
}
