import { changeLines } from '../../compare/changes/changeWords.ts';
import type { ChangeOutcome, RememberedChange } from '../../compare/changes/remembered.ts';
import type { ChangeReport } from '../../services/changes/contract.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { checkInterrupted, type Session } from '../session.ts';

const words: Readonly<Record<ChangeOutcome, string>> = {
  done: 'done',
  already: 'was so already',
  failed: 'FAILED',
  unknown: 'UNKNOWN',
  notTried: 'not tried',
};

/** Tells what became of each write: 0 when all are done, 2 when one failed. */
export function tellChanges({ output, signal }: Session, report: ChangeReport): ExitCode {
  for (const { change, outcome, failure, notes } of report.steps) {
    output.record('change', { id: change.id, outcome, lines: changeLines(change), notes });
    for (const line of changeLines(change)) output.line(`${words[outcome].padEnd(14)}  ${line}`);
    for (const note of notes) output.line(`                ${note}`);
    if (failure !== undefined) output.failure(failure);
  }
  checkInterrupted(signal);
  return report.ok ? exitCodes.success : exitCodes.failed;
}

/** Lists what was changed here and still holds, and puts it back when asked: 1 when something is left. */
export async function undoRemembered(
  session: Session,
  open: readonly RememberedChange[],
  undo: boolean,
): Promise<ExitCode> {
  const { services, output, signal } = session;
  if (open.length === 0) output.line('Nothing that was changed here is left to be put back.');
  if (undo && open.length > 0) return tellChanges(session, await services.changes.undo(open, signal));
  for (const { id, at, change } of open) {
    output.record('remembered', { id, at, change });
    for (const line of changeLines(change)) output.line(`${new Date(at).toISOString()}  ${line}`);
  }
  return open.length === 0 ? exitCodes.success : exitCodes.needsAttention;
}
