import { createHash } from 'node:crypto';
import { FailureError, toFailure } from '../../failure/failure.ts';
import type { AttachmentRef, EventOf } from '../events.ts';
import type { RefusedFile } from '../imports/importList.ts';
import { judge } from '../imports/judge.ts';
import type { MigrationId, WindowId } from '../ids.ts';
import type { Instant, RefusedLine, StagingPort, TargetPort } from '../ports.ts';
import { failedLinesOf, sumOf } from '../state/applyLines.ts';
import type { MigrationState, Part } from '../state/state.ts';

/** A line that an import refused and that the target does not hold. Lives in memory only. */
export interface FailedLine {
  readonly window: WindowId;
  readonly type: string;
  /** Why the import refused it; `unread`: its error file says nothing of it. */
  readonly reason: RefusedLine['reason'] | 'unread';
  readonly id?: string;
  readonly versionId?: string;
  readonly lastUpdated?: Instant;
  /** Lines that this stands for: more than one only where nothing is known of them. */
  readonly lines: number;
  /** Somebody decided to leave it behind. */
  readonly accepted: boolean;
}

/** What it takes to find failed lines again. */
export interface FailedLineSources {
  readonly staging: Pick<StagingPort, 'refusedLines'>;
  readonly target: Pick<TargetPort, 'heldVersions'>;
  attachment(ref: AttachmentRef): Promise<unknown>;
}

/**
 * Reads the failed lines of a migration, or of one window, from the error files of its imports, and leaves out what the
 * target has got since. Lines that are being tried again are not failed yet.
 */
export async function* failedLines(
  sources: FailedLineSources,
  state: MigrationState,
  only: WindowId | undefined,
  signal: AbortSignal,
): AsyncGenerator<FailedLine, void> {
  for (const window of state.windows.values()) {
    if (only !== undefined && window.id !== only) continue;
    for (const part of window.parts) {
      if (part.failed === 0 || part.state !== 'settled') continue;
      yield* linesOfPart(sources, window.id, part, signal);
    }
  }
}

async function* linesOfPart(
  sources: FailedLineSources,
  window: WindowId,
  part: Part,
  signal: AbortSignal,
): AsyncGenerator<FailedLine, void> {
  const about = { window, type: part.type, accepted: (part.accepted ?? 0) > 0 };
  const { refusals } = part;
  if (refusals === undefined) {
    yield { ...about, reason: 'unread', lines: part.failed };
    return;
  }
  const files = ((await sources.attachment(refusals.list)) as readonly RefusedFile[]).filter(
    (file) => file.part === refusals.part,
  );
  for (const file of files) {
    let read = 0;
    try {
      for await (const line of sources.staging.refusedLines(file, signal)) {
        read += 1;
        const failed = await failedLine(sources, line, signal);
        if (failed !== undefined) yield { ...about, ...failed };
      }
    } catch (error) {
      if (toFailure(error).kind !== 'notFound') throw error;
    }
    if (read < file.count) yield { ...about, reason: 'unread', lines: file.count - read };
  }
}

async function failedLine(
  { target }: FailedLineSources,
  line: RefusedLine,
  signal: AbortSignal,
): Promise<Omit<FailedLine, 'window' | 'accepted'> | undefined> {
  const { type, id, reason, versionId, lastUpdated } = line;
  if (id === undefined || type === null) return { type: type ?? '', reason, lines: 1 };
  if (judge(line, await heldOf(target, type, id, signal)) !== 'failed') return undefined;
  return {
    type,
    id,
    reason,
    ...(versionId === undefined ? {} : { versionId }),
    ...(lastUpdated === undefined ? {} : { lastUpdated }),
    lines: 1,
  };
}

/** An id that no service takes cannot be asked for: it is not on the target. */
async function heldOf(
  target: FailedLineSources['target'],
  type: string,
  id: string,
  signal: AbortSignal,
): ReturnType<TargetPort['heldVersions']> {
  try {
    return await target.heldVersions(type, id, signal);
  } catch (error) {
    if (toFailure(error).kind === 'invalidInput') return [];
    throw error;
  }
}

/** Longest reason of an acceptance, characters. */
const longestReason = 1_000;

/**
 * The fact that the failed lines of a window are left behind.
 * @throws FailureError `invalidInput` when the window has none that are open, or no reason is given
 */
export function acceptance(
  state: MigrationState,
  id: WindowId,
  lines: readonly FailedLine[],
  because: string,
  at: Instant,
): EventOf<'linesAccepted'> {
  const window = state.windows.get(id);
  const reason = because.trim();
  if (window?.parts.some(({ failed, accepted = 0 }) => failed > accepted) !== true) {
    throw new FailureError({ kind: 'invalidInput', message: `Window ${id} has no failed lines that are open.` });
  }
  if (reason === '' || reason.length > longestReason) {
    throw new FailureError({
      kind: 'invalidInput',
      message: `Failed lines are accepted with a reason of at most ${longestReason} characters.`,
    });
  }
  const reasons = window.parts.reduce<Readonly<Record<string, number>>>((sum, part) => sumOf(sum, part.reasons), {});
  return {
    kind: 'linesAccepted',
    at,
    window: id,
    lines: failedLinesOf(window),
    reasons,
    because: reason,
    digest: digestOfLines(state.id, lines),
  };
}

/**
 * Digest of failed lines: tells later whether the same ones were meant, and nothing of what they are. Undefined where
 * lines are among them of which nothing is known.
 */
function digestOfLines(migration: MigrationId, lines: readonly FailedLine[]): string | undefined {
  const names: string[] = [];
  for (const { type, id, versionId } of lines) {
    if (id === undefined) return undefined;
    names.push(`${type}/${id}/${versionId ?? ''}`);
  }
  const hash = createHash('sha256').update(migration);
  for (const name of names.sort()) hash.update('\n').update(name);
  return hash.digest('hex');
}
