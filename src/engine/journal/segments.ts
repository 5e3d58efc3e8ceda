import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FailureError } from '../../failure/failure.ts';
import type { MigrationId } from '../ids.ts';
import type { JournalContents, StoredRecord } from '../ports.ts';
import { journalFailure } from './fileErrors.ts';
import { readLines, type JournalLine } from './recordLine.ts';

/*
 * A journal folder holds segments `journal-<first sequence>.log` and snapshots `snapshot-<sequence>.json`. A snapshot
 * holds the state up to its sequence, so that only the records after it need to be read.
 */

export const segmentVersion = 1;
const segmentPattern = /^journal-(\d{12})\.log$/;
const snapshotPattern = /^snapshot-(\d{12})\.json$/;

export function segmentName(firstSequence: number): string {
  return `journal-${String(firstSequence).padStart(12, '0')}.log`;
}

export function snapshotName(sequence: number): string {
  return `snapshot-${String(sequence).padStart(12, '0')}.json`;
}

/** The first line of a segment. */
export function segmentHeader(migration: MigrationId): string {
  return JSON.stringify({ journal: 'fhir-migration', v: segmentVersion, migration });
}

export interface FolderContents extends JournalContents {
  /** The segment that is written to. */
  readonly segment: string;
  /** Its intact bytes, and all of them. */
  readonly intact: number;
  readonly size: number;
  /** Sequence of the last record. */
  readonly sequence: number;
  /** Highest fence that has left a mark. */
  readonly fence: number;
}

/**
 * Reads a journal folder, up to the first damage. Throws `journal` when nothing of it can be read, when it is foreign or
 * newer, and errors of the file system.
 */
export async function readFolder(folder: string, migration: MigrationId): Promise<FolderContents> {
  const names = await readdir(folder);
  const segments = numbered(names, segmentPattern);
  const last = segments.at(-1);
  if (last === undefined) throw foreign(`There is no journal in the folder of migration ${migration}.`);
  const snapshot = await latestSnapshot(folder, numbered(names, snapshotPattern));
  const records: StoredRecord[] = [];
  let sequence = snapshot?.sequence ?? 0;
  let fence = 0;
  let damage: FailureError | undefined;
  let tail = { length: 0, size: 0, torn: false };
  for (const segment of segments) {
    const bytes = await readFile(join(folder, segmentName(segment)));
    const read = readLines(bytes);
    const isLast = segment === last;
    checkHeader(read.lines[0], migration, segmentName(segment));
    if (read.damagedLine !== undefined || (read.torn && !isLast)) {
      damage = damaged(segmentName(segment), read.damagedLine ?? read.lines.length + 1);
    }
    for (const line of read.lines.slice(1)) {
      // Written by a driver that had already been superseded and did not know.
      if (line.fence < fence) continue;
      fence = line.fence;
      if (line.sequence === 0 || line.sequence <= sequence) continue;
      if (line.sequence !== sequence + 1) {
        damage ??= damaged(segmentName(segment), read.lines.indexOf(line) + 1);
        break;
      }
      sequence = line.sequence;
      records.push({ sequence, text: line.text });
    }
    tail = { length: read.length, size: bytes.length, torn: read.torn };
    // What comes after a gap cannot be folded.
    if (damage !== undefined) break;
  }
  return {
    ...(snapshot === undefined ? {} : { snapshot }),
    records,
    torn: tail.torn,
    ...(damage === undefined ? {} : { damage: damage.failure }),
    segment: segmentName(last),
    intact: tail.length,
    size: tail.size,
    sequence,
    fence,
  };
}

function numbered(names: readonly string[], pattern: RegExp): readonly number[] {
  return names
    .flatMap((name) => {
      const number = pattern.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    })
    .sort((a, b) => a - b);
}

async function latestSnapshot(
  folder: string,
  sequences: readonly number[],
): Promise<{ readonly sequence: number; readonly text: string } | undefined> {
  const sequence = sequences.at(-1);
  if (sequence === undefined) return undefined;
  const name = snapshotName(sequence);
  const { lines, damagedLine, torn } = readLines(await readFile(join(folder, name)));
  const [line] = lines;
  if (line === undefined || lines.length !== 1 || damagedLine !== undefined || torn || line.sequence !== sequence) {
    throw damaged(name, 1);
  }
  return { sequence, text: line.text };
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
    throw foreign(`${name} belongs to another migration than the folder that it lies in.`);
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
  return journalFailure(message, 'Choose the folder in which this program keeps its journals.');
}

function damaged(file: string, line: number): FailureError {
  return journalFailure(
    `The journal is damaged: line ${line} of ${file} is not what was written.`,
    'Keep a copy of the journal folder and restore it from a backup. What was moved so far is on the target.',
  );
}

/** Removes segments and snapshots that a snapshot of this sequence stands for. */
export async function removeBefore(folder: string, sequence: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const first = segmentPattern.exec(name)?.[1];
    const snapshot = snapshotPattern.exec(name)?.[1];
    const isOld =
      first === undefined ? snapshot !== undefined && Number(snapshot) < sequence : Number(first) <= sequence;
    if (isOld) await rm(join(folder, name), { force: true });
  }
}
