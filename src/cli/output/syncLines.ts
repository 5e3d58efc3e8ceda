import type { MigrationOverview } from '../../engine/overview.ts';
import { cutoverStage } from '../../cutover/stage.ts';
import { durationText } from './describe.ts';

/** How far the copy is behind, in a few words; undefined for a migration that is not kept in sync. */
export function lagText({ sync, phase }: MigrationOverview): string | undefined {
  if (sync === undefined || phase === 'complete') return undefined;
  const name = sync.purpose === 'follow' ? 'recovery point' : 'copy lag';
  return sync.lagMs === undefined ? undefined : `${name} ${Math.round(sync.lagMs / 1_000)} s`;
}

/** Lag, recovery point and the last window, for the status and the summary. */
export function syncLines(overview: MigrationOverview): string[] {
  const { sync } = overview;
  if (sync === undefined) return finishLines(overview);
  const { copiedUntil, purpose, lagTargetMs, nextWindowAt, exact } = sync;
  const target = `at most ${durationText(lagTargetMs)} wanted`;
  const words = purpose === 'follow' ? 'Recovery point' : 'Copied until';
  const until = copiedUntil === undefined ? 'not known yet' : new Date(copiedUntil).toISOString();
  const lag = lagText(overview);
  return [
    `${words}: ${until} (${lag === undefined ? target : `${lag}, ${target}`})`,
    ...(exact ? [] : ['  What is changed again and again follows with its last change: exports show the present.']),
    ...(nextWindowAt === undefined ? [] : [`Next window: ${new Date(nextWindowAt).toISOString()}`]),
    ...finishLines(overview),
  ];
}

/** The last window and its proof. */
export function finishLines({ finish }: MigrationOverview): string[] {
  if (finish === undefined) return [];
  const at = (instant: number | undefined): string =>
    instant === undefined ? 'not told' : new Date(instant).toISOString();
  const newest = `newest change before ${at(finish.newestBefore)}, after ${at(finish.newestAfter)}`;
  const done = finish.freezeToDoneMs === undefined ? '' : `; freeze to done: ${durationText(finish.freezeToDoneMs)}`;
  switch (finish.state) {
    case 'draining':
      return [`Last window: on its way since ${at(finish.requestedAt)}, writes stopped at ${at(finish.frozenAt)}`];
    case 'proving':
      return ['Last window: everything is accounted for; proving that the source was frozen'];
    case 'frozen':
      return [`Freeze proved: ${proofText(finish.by, newest)}${done}`];
    case 'unproven':
      return [`Freeze not proved: the source could not be asked${done}`];
    case 'written':
      return [`The source was written after its freeze: ${finish.changes ?? 0} changes; ${newest}`];
  }
}

function proofText(by: NonNullable<MigrationOverview['finish']>['by'], newest: string): string {
  if (by === 'export') return 'one more export held nothing';
  return by === 'retired' ? 'nobody can write to the retired source' : newest;
}

/** Held at the brink, on the way over, or over it. */
export function cutoverLines(overview: MigrationOverview): string[] {
  const stage = cutoverStage(overview);
  if (stage === undefined) return [];
  const at = new Date(stage.at).toISOString();
  switch (stage.state) {
    case 'held':
      return ['Cutover: held at the brink; both services are kept in sync for as long as you want'];
    case 'begun':
      return [`Cutover: begun at ${at}`];
    case 'signedOff':
      return [`Cutover: signed off by ${stage.by ?? '–'} at ${at}`];
    case 'wentBack':
      return [`Cutover: applications went back to the source at ${at}`];
  }
}
