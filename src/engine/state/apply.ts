import type { EventOf, JournalEvent } from '../events.ts';
import * as cutover from './applyCutover.ts';
import * as exports from './applyExports.ts';
import * as imports from './applyImports.ts';
import * as lifecycle from './applyLifecycle.ts';
import * as lines from './applyLines.ts';
import * as planning from './applyPlanning.ts';
import * as probing from './applyProbing.ts';
import * as syncing from './applySyncing.ts';
import * as verifying from './applyVerifying.ts';
import { draftOf, type Draft } from './draft.ts';
import type { MigrationState } from './state.ts';

type Writers = { readonly [Kind in JournalEvent['kind']]: (draft: Draft, event: EventOf<Kind>) => void };

const writers: Writers = {
  // The first event makes the state; a second creation changes nothing.
  created: () => undefined,
  started: lifecycle.applyStarted,
  pauseRequested: lifecycle.applyPauseRequested,
  paused: lifecycle.applyPaused,
  resumed: lifecycle.applyResumed,
  cancelRequested: lifecycle.applyCancelRequested,
  cancelled: lifecycle.applyCancelled,
  retryRequested: lifecycle.applyRetryRequested,
  catchUpRequested: lifecycle.applyCatchUpRequested,
  halted: lifecycle.applyHalted,
  attentionNeeded: lifecycle.applyAttentionNeeded,
  completed: lifecycle.applyCompleted,
  sourceProbed: planning.applySourceProbed,
  probeStarted: probing.applyProbeStarted,
  probeEnded: probing.applyProbeEnded,
  deidentificationProven: probing.applyDeidentificationProven,
  sourceRetired: planning.applySourceRetired,
  countsRefused: planning.applyCountsRefused,
  searchParametersCopied: planning.applySearchParametersCopied,
  searchParametersFailed: planning.applySearchParametersFailed,
  roundOpened: planning.applyRoundOpened,
  windowPlanned: planning.applyWindowPlanned,
  rangeSkipped: planning.applyRangeSkipped,
  windowSplit: planning.applyWindowSplit,
  quietChecked: planning.applyQuietChecked,
  countsCompared: planning.applyCountsCompared,
  differencesLocated: planning.applyDifferencesLocated,
  exportIntended: exports.applyExportIntended,
  exportAccepted: exports.applyExportAccepted,
  exportReplyLost: exports.applyExportReplyLost,
  exportCandidate: exports.applyExportCandidate,
  candidateRefused: exports.applyCandidateRefused,
  exportAbandoned: exports.applyExportAbandoned,
  exportCompleted: exports.applyExportCompleted,
  exportFailed: exports.applyExportFailed,
  orphansChecked: exports.applyOrphansChecked,
  importIntended: imports.applyImportIntended,
  importAccepted: imports.applyImportAccepted,
  importDelayed: imports.applyImportDelayed,
  importCompleted: imports.applyImportCompleted,
  importJudged: imports.applyImportJudged,
  linesJudged: lines.applyLinesJudged,
  linesAccepted: lines.applyLinesAccepted,
  importFailed: imports.applyImportFailed,
  finishRequested: syncing.applyFinishRequested,
  finishWithdrawn: syncing.applyFinishWithdrawn,
  finishDrained: syncing.applyFinishDrained,
  freezeChecked: syncing.applyFreezeChecked,
  settingsChanged: syncing.applySettingsChanged,
  slowedDown: syncing.applySlowedDown,
  windowsJoined: syncing.applyWindowsJoined,
  windowVerified: verifying.applyWindowVerified,
  verificationRecorded: verifying.applyVerificationRecorded,
  differencesTreated: verifying.applyDifferencesTreated,
  gateDecided: cutover.applyGateDecided,
  cutoverBegun: cutover.applyCutoverBegun,
  cutoverSignedOff: cutover.applyCutoverSignedOff,
  wentBack: cutover.applyWentBack,
  cleanedUp: cutover.applyCleanedUp,
  operationCancelled: imports.applyOperationCancelled,
};

/** True for the name of a kind of event that this program can fold. */
export function isEventKind(kind: unknown): kind is JournalEvent['kind'] {
  return typeof kind === 'string' && Object.hasOwn(writers, kind);
}

/** The state after one more event. Pure; never throws, whatever the event names. */
export function apply(state: MigrationState | undefined, event: JournalEvent): MigrationState | undefined {
  return fold(state, [event]);
}

/** The state after a run of events, copied once and not per event. Undefined until a migration was created. */
export function fold(state: MigrationState | undefined, events: Iterable<JournalEvent>): MigrationState | undefined {
  let draft = state === undefined ? undefined : draftOf(state);
  for (const event of events) {
    if (draft === undefined) {
      if (event.kind === 'created') draft = draftOf(lifecycle.createdState(event));
      continue;
    }
    // The table pairs every kind with the writer of its own event, which the type of a lookup cannot say.
    (writers[event.kind] as (draft: Draft, event: JournalEvent) => void)(draft, event);
    draft.sequence += 1;
  }
  return draft;
}
