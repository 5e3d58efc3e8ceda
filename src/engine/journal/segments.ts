import type { MigrationId } from '../ids.ts';
import type { JournalPlace } from '../ports.ts';

/*
 * A journal consists of segments `journal-<first sequence>.log` and snapshots `snapshot-<sequence>.json`. A snapshot
 * holds the state up to its sequence, so that only the records after it need to be read.
 */

export const segmentVersion = 1;
const segmentPattern = /^journal-(\d{12})\.log$/;
const snapshotPattern = /^snapshot-(\d{12})\.json$/;

/** Lines that are no records: a driver took over; the segment is closed. */
export const marks = { driver: 'driver', end: 'end' } as const;

/** The line that says where a journal went. */
export function movedMark(place: JournalPlace): string {
  return `moved ${place}`;
}

/** Where a journal went, when this line says so. */
export function movedTo(mark: string): JournalPlace | undefined {
  return mark === movedMark('file') ? 'file' : mark === movedMark('staging') ? 'staging' : undefined;
}

export function segmentName(firstSequence: number): string {
  return `journal-${String(firstSequence).padStart(12, '0')}.log`;
}

export function snapshotName(sequence: number): string {
  return `snapshot-${String(sequence).padStart(12, '0')}.json`;
}

/** First sequences of the segments among these names, in order. */
export const segmentNumbers = (names: readonly string[]): readonly number[] => numbered(names, segmentPattern);
/** Sequences of the snapshots among these names, in order. */
export const snapshotNumbers = (names: readonly string[]): readonly number[] => numbered(names, snapshotPattern);

function numbered(names: readonly string[], pattern: RegExp): readonly number[] {
  return names
    .flatMap((name) => {
      const number = pattern.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    })
    .sort((a, b) => a - b);
}

/** The first line of a segment. */
export function segmentHeader(migration: MigrationId): string {
  return JSON.stringify({ journal: 'fhir-migration', v: segmentVersion, migration });
}

/** Segments and snapshots among these names that a snapshot of this sequence stands for. */
export function namesBefore(names: readonly string[], sequence: number): readonly string[] {
  return names.filter((name) => {
    const first = segmentPattern.exec(name)?.[1];
    const snapshot = snapshotPattern.exec(name)?.[1];
    return first === undefined ? snapshot !== undefined && Number(snapshot) < sequence : Number(first) <= sequence;
  });
}

/** Below this many bytes of records a journal is kept whole, so that support can read how it came about. */
const shortBytes = 512 * 1_024;

/**
 * True when records take more than one and a half times the room of the snapshot before them: with another snapshot a
 * journal never takes more than three times the room of its state.
 */
export function isOutgrown(recordBytes: number, snapshotBytes: number): boolean {
  return recordBytes > Math.max(shortBytes, 1.5 * snapshotBytes);
}
