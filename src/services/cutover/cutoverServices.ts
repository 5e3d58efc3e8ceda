import { isClear } from '../../cutover/gates.ts';
import { cutoverPage, type CutoverPage } from '../../cutover/walk.ts';
import type { GateRecord } from '../../engine/cutover.ts';
import type { MigrationId } from '../../engine/ids.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import { FailureError } from '../../failure/failure.ts';
import { gateName } from '../../report/words.ts';
import type { Clients } from '../clients.ts';
import type { MigrationHandle } from '../contract.ts';
import type { CutoverServices } from './contract.ts';
import { eventsOn } from './eventsOn.ts';
import { type FactSources, gatherFacts } from './gatherFacts.ts';
import { tellAndSee } from './tellAndSee.ts';
import { writtenSince } from './writtenSince.ts';

/** How old a copy may become that is held at the brink, seconds: as the plan's default. */
const heldLagSeconds = 900;

export interface CutoverSurroundings extends FactSources {
  readonly open: (id: MigrationId) => Promise<MigrationHandle>;
  readonly clients: Pick<Clients, 'of'>;
}

/** Cutting over, over the clients of one session. */
export function cutoverServices(around: CutoverSurroundings): CutoverServices {
  const look = async (migration: MigrationHandle, signal: AbortSignal): Promise<CutoverPage> =>
    cutoverPage(await gatherFacts(migration.overview(), around, signal));
  return {
    look: async (id, signal) => look(await around.open(id), signal),
    hold: async (id) => hold(await around.open(id)),
    async decide(id, decision) {
      if (decision.decision !== 'withdrawn' && (decision.because ?? '').trim() === '')
        throw new FailureError({
          kind: 'invalidInput',
          message: `Say why "${gateName(decision.gate)}" is ${decision.decision}: the record is read by others later.`,
        });
      const at = around.now();
      await tellAndSee(await around.open(id), { kind: 'gateDecided', at, ...decision }, ({ cutover }) =>
        (cutover?.decisions ?? []).some((each) => each.gate === decision.gate && each.at === at),
      );
    },
    async begin(id, frozenAt, signal) {
      const migration = await around.open(id);
      checkFrozenAt(frozenAt, around.now());
      refuseSigned(migration);
      const page = await look(migration, signal);
      refuseOpen('The cutover was not begun', page.gates);
      const at = around.now();
      await tellAndSee(
        migration,
        { kind: 'cutoverBegun', at, gates: page.gates },
        ({ cutover }) => cutover?.begun?.at === at,
      );
      await migration.finish(frozenAt);
      return page;
    },
    eventsOn: async (id, signal, progress = () => undefined) =>
      eventsOn((await around.open(id)).overview(), around, signal, progress),
    async signOff(id, by, because, signal) {
      const migration = await around.open(id);
      const page = await look(migration, signal);
      refuseOpen('The cutover was not signed off', [...page.gates, ...page.steps]);
      const { cutover, finish } = migration.overview();
      if (cutover?.begun === undefined || by.trim() === '')
        throw new FailureError({
          kind: 'invalidInput',
          message: cutover?.begun === undefined ? 'Nobody began to cut over.' : 'A cutover is signed by somebody.',
        });
      const at = around.now();
      const signed = {
        by: by.trim().slice(0, 200),
        ...(because === undefined ? {} : { because }),
        cutoverAt: finish?.frozenAt ?? cutover.begun.at,
        gates: page.gates,
        steps: page.steps,
      };
      await tellAndSee(
        migration,
        { kind: 'cutoverSignedOff', at, ...signed },
        (overview) => overview.cutover?.signedOff?.at === at,
      );
      return { ...page, next: 'done' };
    },
    async writtenSince(id, take, signal) {
      const overview = (await around.open(id)).overview();
      return writtenSince(overview, await around.clients.of(overview.plan.target, signal), take, signal);
    },
    async goBack(id, because) {
      if (because.trim() === '')
        throw new FailureError({ kind: 'invalidInput', message: 'Say why applications go back to the source.' });
      const at = around.now();
      await tellAndSee(
        await around.open(id),
        { kind: 'wentBack', at, because: because.slice(0, 2_000) },
        ({ cutover }) => cutover?.wentBack?.at === at,
      );
    },
  };
}

function checkFrozenAt(frozenAt: number, now: number): void {
  if (frozenAt <= now) return;
  throw new FailureError({
    kind: 'invalidInput',
    message: 'The writers cannot have been stopped in the future.',
    nextStep: 'Stop all writes to the source first.',
  });
}

function refuseOpen(what: string, records: readonly GateRecord[]): void {
  const open = records.filter((record) => !isClear(record));
  if (open.length === 0) return;
  throw new FailureError({
    kind: 'conflict',
    message: `${what}. ${open.map(({ id, evidence }) => `${gateName(id)}: ${evidence}`).join(' ')}`,
    nextStep: 'Settle what is open, or waive it with a reason.',
  });
}

/** Changes of the source would be mixed with what applications write to the target by then. */
function refuseSigned(migration: MigrationHandle): void {
  const { cutover, plan } = migration.overview();
  if (cutover?.signedOff === undefined) return;
  throw new FailureError({
    kind: 'conflict',
    message: `The cutover is signed off: applications write to ${plan.target.name}.`,
    nextStep: 'If they use the source again, record that they went back; then hold both in sync.',
  });
}

/** Sets a migration to be kept in sync, and has it driven from here unless somebody else does. */
async function hold(migration: MigrationHandle): Promise<void> {
  const { plan, phase } = migration.overview();
  refuseSigned(migration);
  if (phase === 'cancelled' || phase === 'cancelling')
    throw new FailureError({ kind: 'invalidInput', message: 'A cancelled migration cannot be held in sync.' });
  if (plan.sync === undefined)
    await migration.change({ sync: { purpose: 'cutover', lagTargetSeconds: heldLagSeconds } });
  const request = requestFor(migration.overview());
  if (request !== undefined) await migration.control(request);
  else if (migration.driver() === undefined) await migration.control('resume');
}

/** What takes a migration back to syncing; undefined where it is on its way. */
function requestFor({ phase, finish }: MigrationOverview): 'keepSyncing' | 'catchUp' | 'resume' | undefined {
  if (finish !== undefined && finish.state !== 'written') return 'keepSyncing';
  if (phase === 'complete') return 'catchUp';
  return phase === 'paused' || phase === 'pausing' || phase === 'needsAttention' ? 'resume' : undefined;
}
