import type { MigrationOverview } from '../../engine/overview.ts';
import type { Instant } from '../../engine/ports.ts';
import type { MigrationHandle } from '../../services/contract.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { phaseWords } from '../output/describe.ts';
import { follow } from '../output/follow.ts';
import { finishLines } from '../output/syncLines.ts';
import { chosenMigration, UsageError, type Session } from '../session.ts';

export interface FinishOptions {
  /** Milliseconds since 1970 UTC. */
  readonly frozenAt?: number;
  readonly withdraw?: boolean;
}

/**
 * Asks for the last window of a migration and waits for its proof, whoever drives it; without a driver it is driven from
 * here. When the source was written after all, the migration goes on in sync with its driver, or stays resumable.
 */
export async function finish(session: Session, id: string | undefined, options: FinishOptions): Promise<ExitCode> {
  const { services, output } = session;
  const handle = await chosenMigration(services, id);
  try {
    const { sync, phase, name, finish: before } = handle.overview();
    if (options.withdraw === true) return await withdraw(session, handle);
    if (sync === undefined && phase !== 'backlog' && phase !== 'catchUp') {
      throw new UsageError(`${name} is not kept in sync: it ends by itself. Its state: ${phaseWords(phase)}.`);
    }
    const frozenAt = options.frozenAt ?? Date.now();
    if (frozenAt > Date.now()) throw new UsageError('--frozen-at lies in the future: stop the writes first.');
    await handle.finish(frozenAt);
    output.record('requested', { migration: handle.id, request: 'finish', frozenAt });
    output.line(`Asked for the last window of ${handle.id}: nothing writes to its source any more.`);
    const overview = await proofOf(session, handle, before?.requestedAt);
    output.record('finish', { migration: handle.id, phase: overview.phase, ...overview.finish });
    for (const line of finishLines(overview)) output.line(line);
    if (session.signal.aborted) return exitCodes.interrupted;
    return overview.phase === 'complete' && overview.finish?.state !== 'written'
      ? exitCodes.success
      : exitCodes.needsAttention;
  } finally {
    await handle.detach();
    handle.dispose();
  }
}

async function withdraw({ output }: Session, handle: MigrationHandle): Promise<ExitCode> {
  const { sync, finish: asked, name } = handle.overview();
  if (sync === undefined || asked === undefined) {
    throw new UsageError(`Nobody asked to finish ${name}, or it is not kept in sync.`);
  }
  if (handle.driver() === undefined) {
    throw new UsageError(`Nobody drives ${name}: resume it, then withdraw.`);
  }
  await handle.control('keepSyncing');
  output.record('requested', { migration: handle.id, request: 'keepSyncing' });
  output.line(`Asked the driver of ${handle.id} to go on in sync.`);
  return exitCodes.success;
}

/**
 * Resolves when the proof is there and what follows from it, or when nothing moves any more.
 * @param before when it was asked for the last time
 */
export async function proofOf(
  { output, signal }: Session,
  handle: MigrationHandle,
  before: Instant | undefined,
): Promise<MigrationOverview> {
  const stopFollowing = follow(handle, output);
  let asked = false;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      const look = (): void => {
        const overview = handle.overview();
        asked ||= overview.finish !== undefined && overview.finish.requestedAt !== before;
        if (signal.aborted || (asked && isDecided(overview))) resolve(overview);
      };
      handle.onChange(look);
      signal.addEventListener('abort', look, { once: true });
      // Watching a journal alone keeps no process running.
      timer = setInterval(look, lookAgainMs);
      look();
    });
  } finally {
    clearInterval(timer);
    stopFollowing();
  }
}

const lookAgainMs = 1_000;

function isDecided({ phase, finish: asked }: MigrationOverview): boolean {
  if (['complete', 'needsAttention', 'paused', 'cancelled'].includes(phase)) return true;
  return asked?.state === 'written' || asked === undefined;
}
