import * as v from 'valibot';
import { FailureError } from '../../failure/failure.ts';
import { notCutOver } from '../cutover.ts';
import { planSchema } from '../plan.ts';
import type { MigrationState } from '../state/state.ts';
import { isRecord } from './shape.ts';
import { isStateForm } from './stateForm.ts';

/** Version of the state snapshots that this program writes: 2 knows sync, calendars, verification and cutover. */
export const snapshotVersion = 2;

/** Marks maps and sets, which JSON does not know. */
interface Marked {
  readonly '#map'?: readonly (readonly [unknown, unknown])[];
  readonly '#set'?: readonly unknown[];
}

/** The state as JSON text. */
export function encodeSnapshot(state: MigrationState): string {
  return JSON.stringify({ v: snapshotVersion, state }, (_, value: unknown) => {
    if (value instanceof Map) return { '#map': [...value] };
    if (value instanceof Set) return { '#set': [...value] };
    return value;
  });
}

const notYetKnown = {
  verifications: [],
  treated: [],
  accepted: new Map<string, string>(),
  cutover: notCutOver,
  cleanups: [],
};

/** Throws `journal` for a snapshot of a newer version or one that is not a state. */
export function decodeSnapshot(text: string): MigrationState {
  const parsed = revived(text);
  if (typeof parsed.v !== 'number' || parsed.state === undefined) {
    throw new FailureError({ kind: 'journal', message: 'The snapshot of the journal is not one of this program.' });
  }
  if (parsed.v > snapshotVersion) {
    throw new FailureError({
      kind: 'journal',
      message: `The journal was written by a newer version of this program (snapshot ${parsed.v}, this one knows ${snapshotVersion}).`,
      nextStep: 'Update the extension or the command line, then open the migration again.',
    });
  }
  // What an older program did not know of yet is empty, and its plan takes the defaults of what it did not say.
  const plan = v.safeParse(planSchema, parsed.state.plan);
  if (!plan.success) {
    throw new FailureError({ kind: 'journal', message: 'The snapshot of the journal holds no plan that can be used.' });
  }
  const state = { ...notYetKnown, ...parsed.state, plan: plan.output };
  if (!isStateForm(state)) {
    throw new FailureError({ kind: 'journal', message: 'The snapshot of the journal is not of the form of a state.' });
  }
  return state;
}

function revived(text: string): { readonly v?: unknown; readonly state?: MigrationState } {
  try {
    const read: unknown = JSON.parse(text, (_, value: unknown) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const marked: Marked = value;
      if (marked['#map'] !== undefined) return new Map(marked['#map']);
      if (marked['#set'] !== undefined) return new Set(marked['#set']);
      return value;
    });
    return isRecord(read) ? read : {};
  } catch (cause) {
    throw new FailureError({ kind: 'journal', message: 'The snapshot of the journal cannot be read.' }, { cause });
  }
}
