import { FailureError } from '../../failure/failure.ts';
import type { JournalEvent } from '../events.ts';
import { isEventKind } from '../state/apply.ts';

/** Version of the events that this program writes. */
export const eventVersion = 1;

type RawEvent = Readonly<Record<string, unknown>>;

/** For each older version, how its events become those of the next one. */
const upgrades: ReadonlyMap<number, (event: RawEvent) => RawEvent> = new Map();

/** One event as the text of one journal line: JSON without line breaks, `v` first. */
export function encodeEvent(event: JournalEvent): string {
  return JSON.stringify({ v: eventVersion, ...event });
}

/**
 * Reads an event of any version that was ever released. The line's checksum has shown that one of these programs wrote
 * it, so only version and kind are looked at. Throws `journal` for a newer version or an unknown kind.
 */
export function decodeEvent(text: string, sequence: number): JournalEvent {
  const raw = parseObject(text, sequence);
  const version = raw.v;
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
  let event = raw;
  for (let from = version; from < eventVersion; from += 1) event = upgrades.get(from)?.(event) ?? event;
  if (!isEventKind(event.kind)) throw damaged(`Record ${sequence} of the journal is of an unknown kind.`);
  return event as unknown as JournalEvent;
}

function parseObject(text: string, sequence: number): RawEvent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw damaged(`Record ${sequence} of the journal is not JSON.`, error);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw damaged(`Record ${sequence} of the journal is not an event.`);
  }
  return parsed as RawEvent;
}

function damaged(message: string, cause?: unknown): FailureError {
  return new FailureError(
    { kind: 'journal', message, nextStep: 'Keep a copy of the journal folder and restore it from a backup.' },
    { cause },
  );
}
