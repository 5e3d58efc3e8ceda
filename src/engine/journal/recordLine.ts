import { crc32 } from 'node:zlib';

/*
 * One line of a segment: `<crc32 of the rest, 8 hex digits> <fence> <sequence> <text>\n`. Sequence 0 is no record: the
 * first line of a segment describes it, and a driver that takes over leaves a mark.
 */

export interface JournalLine {
  readonly fence: number;
  readonly sequence: number;
  readonly text: string;
}

export interface ReadLines {
  readonly lines: readonly JournalLine[];
  /** Length of the intact lines, bytes. */
  readonly length: number;
  /** What follows was not written to its end. */
  readonly torn: boolean;
  /** 1-based number of the first line that was written and is not what it was. */
  readonly damagedLine: number | undefined;
}

const lineFeed = 0x0a;

/** The bytes of one line. */
export function encodeLine(fence: number, sequence: number, text: string): Buffer {
  const rest = Buffer.from(`${fence} ${sequence} ${text}`);
  return Buffer.concat([Buffer.from(`${checksum(rest)} `), rest, Buffer.of(lineFeed)]);
}

/**
 * Reads lines until the end or the first damaged one. A last line without line break was torn by a crash, unless only
 * its line break was changed: then it is damage.
 */
export function readLines(bytes: Buffer): ReadLines {
  const lines: JournalLine[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(lineFeed, start);
    if (end < 0) return readTail(bytes, start, lines);
    const line = decodeLine(bytes.subarray(start, end));
    if (line === undefined) return { lines, length: start, torn: false, damagedLine: lines.length + 1 };
    lines.push(line);
    start = end + 1;
  }
  return { lines, length: start, torn: false, damagedLine: undefined };
}

function readTail(bytes: Buffer, start: number, lines: readonly JournalLine[]): ReadLines {
  const tail = bytes.subarray(start);
  // Intact but for its last byte: a line break that was changed, not a line that was cut.
  const isDamaged = decodeLine(tail.subarray(0, -1)) !== undefined && decodeLine(tail) === undefined;
  return isDamaged
    ? { lines, length: start, torn: false, damagedLine: lines.length + 1 }
    : { lines, length: start, torn: true, damagedLine: undefined };
}

function decodeLine(bytes: Buffer): JournalLine | undefined {
  if (bytes.length < 9 || bytes[8] !== 0x20) return undefined;
  const rest = bytes.subarray(9);
  if (bytes.toString('latin1', 0, 8) !== checksum(rest)) return undefined;
  const match = /^(\d{1,15}) (\d{1,15}) ([^]*)$/.exec(rest.toString());
  const [, fence, sequence, text] = match ?? [];
  if (fence === undefined || sequence === undefined || text === undefined) return undefined;
  return { fence: Number(fence), sequence: Number(sequence), text };
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
