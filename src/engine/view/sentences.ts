import type { MigrationState } from '../state/state.ts';
import { isSnapshot, scopeTill } from '../windows/semantics.ts';
import type { TypeTotals } from '../overview.ts';
import { typeTotals, windowTotals } from './totals.ts';

/** An import refuses lines that are further ahead of its clock (import contract, incremental load). */
const refusedFuture = 10_000;

/** Things to know that do not stop the migration. */
export function notesOf(state: MigrationState): readonly string[] {
  return [...state.notes, ...dataNotes(state), ...scopeNotes(state), ...countNotes(state)];
}

function dataNotes(state: MigrationState): readonly string[] {
  let files = 0;
  let setAside = 0;
  let superseded = 0;
  let accepted = 0;
  let unseen = 0;
  for (const window of state.windows.values()) {
    accepted += windowTotals(window).accepted;
    files += window.exported?.setAside.files ?? 0;
    setAside += window.exported?.setAside.resources ?? 0;
    superseded += windowTotals(window).superseded;
    // Files with lines are never empty: whose sizes are not known could not be looked at.
    if (window.parts.length > 0 && window.parts.every(({ bytes }) => bytes === 0)) unseen += 1;
  }
  const notes: string[] = [];
  if (setAside > 0) {
    notes.push(
      state.plan.options.searchParameters
        ? `${setAside} search parameters in ${files} files are carried over separately, because an import refuses them.`
        : `${setAside} search parameters in ${files} files were not carried over: the plan leaves them out, and an import refuses them.`,
    );
  }
  if (unseen > 0) {
    notes.push(
      `The firewall of the staging account keeps this machine out: the exported files of ${unseen} windows were imported as their manifests name them, without a check that nobody changed them in between.`,
    );
  }
  if (accepted > 0) {
    notes.push(`${accepted} refused lines are not on the target: they were accepted, each with a reason.`);
  }
  if (superseded > 0) {
    notes.push(
      `${superseded} older versions with equal or inverted dates cannot be stored on the target, which holds newer versions of them.`,
    );
  }
  return notes;
}

function scopeNotes(state: MigrationState): readonly string[] {
  const { plan, source } = state;
  if (source === undefined) return [];
  const notes: string[] = [];
  if (scopeTill(plan) !== undefined && !source.deprecated && !isSnapshot(plan)) {
    notes.push(
      'The plan ends at a given instant: a resource changed after it is not moved, neither as it was before nor as it is now.',
    );
  }
  if (!plan.scope.softDeleted && !source.deprecated) {
    notes.push(
      'The plan leaves deletions out: a resource deleted on the source after it was moved stays on the target.',
    );
  }
  const skew = source.clockOffset - source.targetClockOffset;
  if (skew > refusedFuture) {
    notes.push(
      `The target's clock is ${Math.round(skew / 1_000)} s behind the source's: an import refuses what is more than 10 s in its future.`,
    );
  }
  return notes;
}

/** Fewer are counted on the target than lines arrived there. */
const countsLess = ({ imported, alreadyThere, onTarget }: TypeTotals): boolean =>
  onTarget !== undefined && onTarget < imported + alreadyThere;

function countNotes(state: MigrationState): readonly string[] {
  const { quiet, source, compared } = state;
  const notes: string[] = [];
  if (quiet?.failure !== undefined && source?.counts === false) {
    notes.push('Nobody could count whether the source was written to after the last catch-up.');
  }
  if (compared !== undefined && Object.values(typeTotals(state)).some(countsLess)) {
    notes.push(
      'The services count current resources only: deletions, and versions that a later one has replaced, were imported as well and are not among their counts.',
    );
  }
  if (compared?.failure !== undefined) notes.push('Not every type could be counted on both services at the end.');
  return notes;
}
