import type { MigrationOverview } from '../../engine/overview.ts';
import type { MigrationHandle } from '../../services/contract.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { summaryLines } from '../output/describe.ts';
import { follow } from '../output/follow.ts';
import { checkInterrupted, chosenMigration, planIn, UsageError, type Session } from '../session.ts';
import { placesIn } from '../../services/migrations/placesIn.ts';
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

export interface ResumeOptions {
  readonly takeOver?: boolean;
}

/** Drives a migration again that was paused, interrupted or needs attention. */
export async function resume(session: Session, id: string | undefined, options: ResumeOptions): Promise<ExitCode> {
  const handle = await chosenMigration(session.services, id);
  if (!(await handle.isApproved())) await takeOver(session, handle, options);
  if (handle.overview().phase !== 'complete') await handle.control('resume');
  return drive(session, handle);
}

/** Tries again what failed: windows with their budget used up, refused lines, operations that show no end. */
export async function retry(session: Session, id: string | undefined): Promise<ExitCode> {
  const handle = await chosenMigration(session.services, id);
  if (handle.overview().phase !== 'complete') await handle.control('retry');
  return drive(session, handle);
}

/** Shows what this machine would sign in to, and agrees to it when that was asked for. */
async function takeOver({ output }: Session, handle: MigrationHandle, options: ResumeOptions): Promise<void> {
  const { name, plan } = handle.overview();
  output.record('takeOver', { migration: handle.id, plan, approved: options.takeOver === true });
  output.line(`${name} was started elsewhere. Driving it signs in with your account to:`);
  for (const place of placesIn(plan)) output.line(`  ${place.join('  ')}`);
  if (options.takeOver !== true) throw new UsageError('To drive it from here, add --take-over.');
  await handle.approve();
}

/** Follows a migration that this process drives to its end, and shows its summary. */
export async function drive(session: Session, handle: MigrationHandle): Promise<ExitCode> {
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
