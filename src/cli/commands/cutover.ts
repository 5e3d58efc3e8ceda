import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isBundleName } from '../../cutover/returnBundles.ts';
import { isClear } from '../../cutover/gates.ts';
import type { CutoverPage, NextStep } from '../../cutover/walk.ts';
import { gateIds, stepIds, type GateDecision, type GateId, type StepId } from '../../engine/cutover.ts';
import { FailureError } from '../../failure/failure.ts';
import { amount, gateName, stateName } from '../../report/words.ts';
import type { MigrationHandle } from '../../services/contract.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { tellChanges } from '../output/changeReport.ts';
import { follow } from '../output/follow.ts';
import { chosenMigration, UsageError, type Session } from '../session.ts';
import { proofOf } from './finish.ts';
import { progressTeller } from './verify.ts';

export interface CutoverOptions {
  readonly hold?: boolean;
  readonly confirm?: readonly string[];
  readonly waive?: readonly string[];
  readonly because?: string;
  readonly writesStopped?: boolean;
  readonly verify?: 'range' | 'content';
  readonly eventsOn?: boolean;
  readonly signOff?: string;
  readonly back?: boolean;
  readonly out?: string;
}

/**
 * Looks at the gates, and walks as far as the words say: 0 when nothing is open of what was asked for, 1 when something
 * is, 2 on failure. Without words it only looks.
 */
export async function cutover(session: Session, id: string | undefined, options: CutoverOptions): Promise<ExitCode> {
  const decisions = decisionsOf(options);
  const handle = await chosenMigration(session.services, id);
  try {
    if (options.back === true) return await back(session, handle, options);
    return await walk(session, handle, decisions, options);
  } finally {
    await handle.detach();
    handle.dispose();
  }
}

async function walk(
  session: Session,
  handle: MigrationHandle,
  decisions: readonly GateDecision[],
  options: CutoverOptions,
): Promise<ExitCode> {
  const { services, output, signal } = session;
  const { cutover: walker } = services;
  const isGate = ({ gate }: GateDecision): boolean => (gateIds as readonly string[]).includes(gate);
  for (const decision of decisions.filter(isGate)) await walker.decide(handle.id, decision);
  if (options.hold === true) await hold(session, handle);
  if (options.writesStopped === true) {
    const before = handle.overview().finish?.requestedAt;
    await walker.begin(handle.id, Date.now(), signal);
    output.line('The writers of the source are stopped, as told: the last window is taken.');
    await proofOf(session, handle, before);
  }
  if (options.verify !== undefined) {
    const { source, target } = handle.overview().plan;
    const request = { source, target, migration: handle.id, depth: options.verify };
    const { outcome } = await services.verify(request, signal, { progress: progressTeller(session) });
    output.line(`Verified by ${options.verify}: ${outcome}.`);
  }
  if (options.eventsOn === true) {
    const code = tellChanges(session, await walker.eventsOn(handle.id, signal));
    if (code !== exitCodes.success) return code;
  }
  // What is confirmed of the way over holds for the one that was just begun.
  for (const decision of decisions.filter((each) => !isGate(each))) await walker.decide(handle.id, decision);
  const page =
    options.signOff === undefined
      ? await walker.look(handle.id, signal)
      : await walker.signOff(handle.id, options.signOff, options.because, signal);
  tellPage(session, handle, page);
  return isReached(page, options) ? exitCodes.success : exitCodes.needsAttention;
}

/** Nothing is open of what was asked for: before the way over its gates, on it the step that was asked for, or all. */
function isReached({ next, gates, steps, complete }: CutoverPage, options: CutoverOptions): boolean {
  if (complete || next === 'done') return true;
  if (next === 'hold' || next === 'begin') return gates.every(isClear);
  if (next === 'wait' || next === 'again') return false;
  if (options.verify !== undefined) return steps.some((step) => step.id === 'finalVerification' && isClear(step));
  return options.writesStopped === true || options.eventsOn === true;
}

async function hold({ services, output, signal }: Session, handle: MigrationHandle): Promise<void> {
  await services.cutover.hold(handle.id);
  output.record('requested', { migration: handle.id, request: 'hold' });
  output.line(
    handle.drivenHere
      ? 'Both services are held in sync from here, until you press Ctrl-C; somebody else can then go on.'
      : 'Both services are held in sync by whoever drives the migration.',
  );
  if (!handle.drivenHere) return;
  const stopFollowing = follow(handle, output);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    void handle.stopped().then(() => resolve());
  }).finally(stopFollowing);
  if (signal.aborted) throw new FailureError({ kind: 'cancelled', message: 'Interrupted.' });
}

const nextWords: Readonly<Record<NextStep, string>> = {
  hold: 'Settle the open gates, or waive them with --waive gate --because reason; --hold keeps both in sync meanwhile.',
  begin: 'Stop all writes to the source, then run with --writes-stopped.',
  wait: 'The last window and its proof are under way.',
  again: 'Stop all writes to the source for good, then run with --writes-stopped again.',
  verify: 'Verify with --verify range, or --verify content.',
  events:
    'Turn events on: --events-on makes the subscriptions again that were deleted for the migration; or add them in the portal, or give --confirm eventsOn --because reason when nobody needs them.',
  endpoints: 'Give applications the address of the target, then --confirm endpoints --because what-was-seen.',
  signOff: 'Sign off with --sign-off name.',
  done: 'It is signed off.',
};

function tellPage({ output }: Session, handle: MigrationHandle, page: CutoverPage): void {
  for (const record of [...page.gates, ...page.steps]) {
    output.record('gate', record);
    output.line(`${stateName(record.state).padEnd(8)} ${gateName(record.id)} [${record.id}]`);
    output.line(`         ${record.evidence} (${new Date(record.at).toISOString()})`);
  }
  output.record('cutover', { migration: handle.id, next: page.next, complete: page.complete });
  output.line(`Next: ${nextWords[page.next]}`);
}

/** Lists what was written on the target since the cutover, as bundles when a folder is given; with a reason it is journalled. */
async function back(
  { services, output, signal }: Session,
  handle: MigrationHandle,
  options: CutoverOptions,
): Promise<ExitCode> {
  const { out } = options;
  if (out !== undefined) await makeEmptyFolder(out);
  const take =
    out === undefined
      ? undefined
      : (name: string, text: string) => writeFile(join(out, name), text, { flag: 'wx', mode: 0o600 });
  const written = await services.cutover.writtenSince(handle.id, take, signal);
  output.record('writtenSince', { migration: handle.id, ...written });
  for (const [type, counts] of Object.entries(written.types))
    output.line(`${type}: ${amount(counts.written)} written, ${amount(counts.deleted)} deleted`);
  output.line(
    `${amount(written.resources)} resources changed on the target since ${new Date(written.since).toISOString()}.`,
  );
  if (out !== undefined)
    output.line(
      `${amount(written.bundles)} bundles are in ${out}. They hold patient data: send them to the source, then delete them.`,
    );
  if (options.because !== undefined) {
    await services.cutover.goBack(handle.id, options.because);
    output.line('It is journalled that applications use the source again.');
  }
  return written.resources === 0 ? exitCodes.success : exitCodes.needsAttention;
}

/** A bundle of another time among the new ones would bring old versions back to the source. */
async function makeEmptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).some(isBundleName))
    throw new UsageError(`${folder} holds bundles of before: name another folder, or delete them.`);
}

function decisionsOf({ confirm = [], waive = [], because }: CutoverOptions): readonly GateDecision[] {
  // The record is read by others, later: an acceptance without its evidence tells them nothing.
  if (waive.length + confirm.length > 0 && (because ?? '').trim() === '')
    throw new UsageError('--confirm and --waive take a reason for the record: --because text.');
  return [
    ...confirm.map((word) => ({ gate: gateOf(word), decision: 'confirmed' as const, because })),
    ...waive.map((word) => ({ gate: gateOf(word), decision: 'waived' as const, because })),
  ];
}

function gateOf(word: string): GateId | StepId {
  const known = [...gateIds, ...stepIds];
  const found = known.find((id) => id.toLowerCase() === word.toLowerCase());
  if (found === undefined) throw new UsageError(`There is no gate ${word}. Choose among ${known.join(', ')}.`);
  return found;
}
