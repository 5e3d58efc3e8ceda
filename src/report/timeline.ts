import type { CutoverOverview } from '../engine/cutover.ts';
import type { MigrationOverview } from '../engine/overview.ts';
import type { Instant } from '../engine/ports.ts';
import type { ReportMoment } from './report.ts';
import { amount, bytes, depthName, gateName, instant, outcomeName, span } from './words.ts';

/** What happened, the oldest first. Windows are told of by their first and last only: a migration may have thousands. */
export function timelineOf(overview: MigrationOverview): readonly ReportMoment[] {
  const moments = [
    ...ofTheRun(overview),
    ...ofTheFreeze(overview),
    ...overview.verification.runs.map((run) => ({
      at: run.endedAt,
      what: `Verified by ${depthName(run)}: ${outcomeName(run.outcome)}.`,
    })),
    ...(overview.cutover === undefined ? [] : ofTheCutover(overview.cutover)),
    ...(overview.cleanups ?? []).map((record) => ({
      at: record.at,
      what: `Cleaned up: ${amount(record.blobs + record.errorFiles)} files (${bytes(record.bytes)}) deleted.`,
    })),
  ];
  return moments.sort((a, b) => a.at - b.at);
}

function ofTheRun({ createdAt, startedAt, endedAt, phase, windows }: MigrationOverview): readonly ReportMoment[] {
  const backlog = windows.filter(({ kind }) => kind === 'backlog');
  const ends = backlog.map((window) => window.endedAt);
  const done = ends.length > 0 && ends.every((end) => end !== undefined) ? Math.max(...ends) : undefined;
  const begins = windows.flatMap((window) => window.startedAt ?? []);
  return [
    ...moment(createdAt, 'The migration was created.'),
    ...moment(startedAt, 'It was started.'),
    ...moment(begins.length === 0 ? undefined : Math.min(...begins), 'The first window was exported.'),
    ...moment(done, `The backlog of ${amount(backlog.length)} windows was on the target.`),
    ...moment(endedAt, phase === 'complete' ? 'It was complete.' : 'It stopped.'),
  ];
}

function ofTheFreeze({ finish }: MigrationOverview): readonly ReportMoment[] {
  if (finish === undefined) return [];
  const { frozenAt, drainedAt, checkedAt, state, newestBefore, newestAfter, by, freezeToDoneMs } = finish;
  const newest =
    newestAfter === undefined
      ? newestBefore === undefined
        ? ''
        : ` Its newest change is of ${instant(newestBefore)}.`
      : ` Its newest change is of ${instant(newestAfter)}.`;
  const proof = {
    draining: 'The proof of the freeze is still to come.',
    proving: 'The proof of the freeze is still to come.',
    frozen: `It was proved that nothing was written to the source since (by ${by ?? 'none'}).${newest}`,
    written: `The source was written to although its writers were said to be stopped.${newest}`,
    unproven: 'Nobody could prove that the source was not written to.',
  }[state];
  return [
    ...moment(frozenAt, 'The writers of the source were stopped, as told.'),
    ...moment(drainedAt, 'Every line of the last window was accounted for.'),
    ...moment(checkedAt, freezeToDoneMs === undefined ? proof : `${proof} That took ${span(freezeToDoneMs)}.`),
  ];
}

function ofTheCutover({ decisions, signedOff, wentBack }: CutoverOverview): readonly ReportMoment[] {
  return [
    ...decisions.map(({ at, gate, decision, because }) => ({
      at,
      what: `${gateName(gate)}: ${decision}${because === undefined ? '' : ` (${because})`}.`,
    })),
    ...(signedOff === undefined
      ? []
      : [
          {
            at: signedOff.at,
            what: `The cutover was signed off by ${signedOff.by}, as of ${instant(signedOff.cutoverAt)}.`,
          },
        ]),
    ...(wentBack === undefined ? [] : [{ at: wentBack.at, what: `Back to the source: ${wentBack.because}` }]),
  ];
}

const moment = (at: Instant | undefined, what: string): readonly ReportMoment[] =>
  at === undefined ? [] : [{ at, what }];
