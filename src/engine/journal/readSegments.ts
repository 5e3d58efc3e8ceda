import type { FailureError } from '../../failure/failure.ts';
import type { MigrationId } from '../ids.ts';
import type { JournalContents, StoredRecord } from '../ports.ts';
import { journalFailure } from './fileErrors.ts';
import { readLines, type JournalLine } from './recordLine.ts';
import {
  marks,
  movedTo,
  segmentName,
  segmentNumbers,
  segmentVersion,
  snapshotName,
  snapshotNumbers,
} from './segments.ts';

/** The segments and snapshots of one journal, wherever they lie. */
export interface SegmentFiles {
  readonly names: readonly string[];
  /** All bytes of a segment or a snapshot. */
  bytes(name: string): Promise<Buffer>;
}

export interface SegmentContents extends JournalContents {
  /** The segment that is written to. */
  readonly segment: string;
  /** Its intact bytes, and all of them. */
  readonly intact: number;
  readonly size: number;
  /** It was closed by a rotation: what follows goes into another one. */
  readonly sealed: boolean;
  /** Sequence of the last record. */
  readonly sequence: number;
  /** Highest fence that has left a mark. */
  readonly fence: number;
  /** Bytes of all segments, and of the snapshot. */
  readonly recordBytes: number;
  readonly snapshotBytes: number;
}

/** What a store tells of it. */
export function contentsOf({ snapshot, records, torn, damage, movedTo: to }: SegmentContents): JournalContents {
  return {
    ...(snapshot === undefined ? {} : { snapshot }),
    records,
    torn,
    ...(damage === undefined ? {} : { damage }),
    ...(to === undefined ? {} : { movedTo: to }),
  };
}

/**
 * Reads a journal, up to the first damage. Throws `journal` when nothing of it can be read, when it is foreign or newer,
 * and what reading throws.
 */
export async function readSegments(files: SegmentFiles, migration: MigrationId): Promise<SegmentContents> {
  const segments = segmentNumbers(files.names);
  const last = segments.at(-1);
  if (last === undefined) throw foreign(`There is no journal of migration ${migration}.`);
  const { snapshot, bytes: snapshotBytes } = await latestSnapshot(files);
  const found: Found = { records: [], sequence: snapshot?.sequence ?? 0, fence: 0, mark: marks.driver };
  let recordBytes = 0;
  let damage: FailureError | undefined;
  let tail = { length: 0, size: 0, torn: false };
  for (const segment of segments) {
    const name = segmentName(segment);
    const bytes = await files.bytes(name);
    recordBytes += bytes.length;
    found.mark = marks.driver;
    tail = { length: 0, size: bytes.length, torn: false };
    // Made by a rotation that was interrupted before it wrote the first line.
    if (bytes.length === 0 && segment === last && (segments.length > 1 || snapshot !== undefined)) break;
    const read = readLines(bytes);
    checkHeader(read.lines[0], migration, name);
    const gap = takeRecords(read.lines, found);
    if (read.damagedLine !== undefined) damage = damaged(name, read.damagedLine);
    else if (read.torn && segment !== last) damage = damaged(name, read.lines.length + 1);
    else if (gap !== undefined) damage = damaged(name, gap);
    tail = { length: read.length, size: bytes.length, torn: read.torn };
    // What comes after a gap cannot be folded.
    if (damage !== undefined) break;
  }
  const moved = movedTo(found.mark);
  return {
    ...(snapshot === undefined ? {} : { snapshot }),
    records: found.records,
    torn: tail.torn,
    ...(damage === undefined ? {} : { damage: damage.failure }),
    ...(moved === undefined ? {} : { movedTo: moved }),
    segment: segmentName(last),
    intact: tail.length,
    size: tail.size,
    sealed: found.mark === marks.end,
    sequence: found.sequence,
    fence: found.fence,
    recordBytes,
    snapshotBytes,
  };
}

/** What was read so far. */
interface Found {
  readonly records: StoredRecord[];
  sequence: number;
  fence: number;
  /** The last line of the last segment that is no record. */
  mark: string;
}

/** Takes the records of a segment, behind its first line. Gives the number of a line before which one is missing. */
function takeRecords(lines: readonly JournalLine[], found: Found): number | undefined {
  for (const [index, line] of lines.entries()) {
    // Written by a driver that had already been superseded and did not know.
    if (index === 0 || line.fence < found.fence) continue;
    found.fence = line.fence;
    if (line.sequence === 0) found.mark = line.text;
    if (line.sequence === 0 || line.sequence <= found.sequence) continue;
    if (line.sequence !== found.sequence + 1) return index + 1;
    found.sequence = line.sequence;
    found.records.push({ sequence: line.sequence, text: line.text });
  }
  return undefined;
}

async function latestSnapshot(files: SegmentFiles): Promise<{
  readonly snapshot?: { readonly sequence: number; readonly text: string };
  readonly bytes: number;
}> {
  const sequence = snapshotNumbers(files.names).at(-1);
  if (sequence === undefined) return { bytes: 0 };
  const name = snapshotName(sequence);
  const bytes = await files.bytes(name);
  const { lines, damagedLine, torn } = readLines(bytes);
  const [line] = lines;
  if (line === undefined || lines.length !== 1 || damagedLine !== undefined || torn || line.sequence !== sequence) {
    throw damaged(name, 1);
  }
  return { snapshot: { sequence, text: line.text }, bytes: bytes.length };
}

function checkHeader(line: JournalLine | undefined, migration: MigrationId, name: string): void {
  const header = line === undefined ? undefined : parseHeader(line.text);
  if (line?.sequence !== 0 || header?.journal !== 'fhir-migration' || typeof header.v !== 'number') {
    throw foreign(`${name} is not a journal of this program.`);
  }
  if (header.v > segmentVersion) {
    throw journalFailure(
      `${name} was written by a newer version of this program (format ${header.v}, this one knows ${segmentVersion}).`,
      'Update the extension or the command line, then open the migration again.',
    );
  }
  if (header.migration !== migration) {
    throw foreign(`${name} belongs to another migration than the place that it lies in.`);
  }
}

interface Header {
  readonly journal?: unknown;
  readonly v?: unknown;
  readonly migration?: unknown;
}

function parseHeader(text: string): Header | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function foreign(message: string): Error {
  return journalFailure(message, 'Choose the place in which this program keeps its journals.');
}

function damaged(file: string, line: number): FailureError {
  return journalFailure(
    `The journal is damaged: line ${line} of ${file} is not what was written.`,
    'Keep a copy of the journal and restore it from a backup. What was moved so far is on the target.',
  );
}
