import * as v from 'valibot';
import { FailureError } from '../../failure/failure.ts';
import type { JournalEvent } from '../events.ts';
import { planSchema } from '../plan.ts';
import { eventFields, eventShapes } from './eventShapes.ts';
import { isRecord, wrongField } from './shape.ts';

/** Version of the events that this program writes: 2 has kinds and fields that a program of 1 would take for damage. */
export const eventVersion = 2;

/** How the text of a record of this version begins. */
const presentHead = `{"v":${eventVersion},`;

type RawEvent = Readonly<Record<string, unknown>>;

/** For each older version, how its events become those of the next one. */
const upgrades: ReadonlyMap<number, (event: RawEvent) => RawEvent> = new Map();

/** One event as the text of one journal line: JSON without line breaks, `v` first. Throws a bug for what could not be read. */
export function encodeEvent(event: JournalEvent): string {
  if (eventShapes.get(event.kind)?.(event) !== true) {
    const about = wrongField(eventFields.get(event.kind) ?? {}, event) ?? 'kind';
    throw new FailureError({ kind: 'bug', message: `An event ${event.kind} cannot be journalled for its ${about}.` });
  }
  return JSON.stringify({ v: eventVersion, ...event });
}

/**
 * Reads an event of any version that was ever released. Every field is checked, because a journal in a staging account
 * can be written by others. Throws `journal` for a newer version and for anything that is not an event of this program.
 */
export function decodeEvent(text: string, sequence: number): JournalEvent {
  if (text.startsWith(presentHead)) {
    // Nearly every record: taking the version off the text is cheaper than taking it off the object.
    return checked(parseObject(`{${text.slice(presentHead.length)}`, sequence), sequence);
  }
  const { v: version, ...raw } = parseObject(text, sequence);
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw damaged(`Record ${sequence} of the journal carries no version.`);
  }
  if (version > eventVersion) {
    throw new FailureError({
      kind: 'journal',
      message: `The journal was written by a newer version of this program (format ${version}, this one knows ${eventVersion}).`,
      nextStep: 'Update the extension or the command line, then open the migration again.',
    });
  }
  let event: RawEvent = raw;
  for (let from = version; from < eventVersion; from += 1) event = upgrades.get(from)?.(event) ?? event;
  return checked(event, sequence);
}

function checked(event: RawEvent, sequence: number): JournalEvent {
  if (eventShapes.get(event.kind)?.(event) !== true) throw misshapen(event, sequence);
  return (event.kind === 'created' ? withPlan(event, sequence) : event) as unknown as JournalEvent;
}

/** The plan with what its own version did not say yet. */
function withPlan(event: RawEvent, sequence: number): RawEvent {
  const read = v.safeParse(planSchema, event.plan);
  if (!read.success) throw damaged(`Record ${sequence} of the journal holds no plan that can be used.`);
  return { ...event, plan: read.output };
}

function misshapen(event: RawEvent, sequence: number): FailureError {
  const shapes = eventFields.get(event.kind);
  if (shapes === undefined) return damaged(`Record ${sequence} of the journal is of an unknown kind.`);
  // The name of a field that is not known is somebody else's text.
  const name = wrongField(shapes, event) ?? '';
  const about = Object.hasOwn(shapes, name) ? `has no proper ${name}` : 'has a field too many';
  return damaged(`Record ${sequence} of the journal, ${String(event.kind)}, ${about}.`);
}

function parseObject(text: string, sequence: number): RawEvent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw damaged(`Record ${sequence} of the journal is not JSON.`, error);
  }
  if (!isRecord(parsed)) throw damaged(`Record ${sequence} of the journal is not an event.`);
  return parsed;
}

function damaged(message: string, cause?: unknown): FailureError {
  return new FailureError(
    { kind: 'journal', message, nextStep: 'Keep a copy of the journal folder and restore it from a backup.' },
    { cause },
  );
}
