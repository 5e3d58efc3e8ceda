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
    const read = revive(JSON.parse(text));
    return isRecord(read) ? read : {};
  } catch (cause) {
    throw new FailureError({ kind: 'journal', message: 'The snapshot of the journal cannot be read.' }, { cause });
  }
}

/** Puts maps and sets in their places. A function that `JSON.parse` calls for every value would take far longer. */
function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) if (isContainer(item)) value[index] = revive(item);
    return value;
  }
  const { '#map': map, '#set': set }: Marked = value;
  if (map !== undefined) return new Map(revive(map) as Iterable<readonly [unknown, unknown]>);
  if (set !== undefined) return new Set(revive(set) as Iterable<unknown>);
  const record = value as Record<string, unknown>;
  for (const name of Object.keys(record)) {
    const item = record[name];
    // To write to this name would hide it from the check of the form, which refuses it.
    if (name !== '__proto__' && isContainer(item)) record[name] = revive(item);
  }
  return record;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
