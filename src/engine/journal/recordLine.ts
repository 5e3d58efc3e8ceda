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
const blank = 0x20;
const checksumLength = 8;

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
    const line = decodeLine(bytes, start, end);
    if (line === undefined) return { lines, length: start, torn: false, damagedLine: lines.length + 1 };
    lines.push(line);
    start = end + 1;
  }
  return { lines, length: start, torn: false, damagedLine: undefined };
}

function readTail(bytes: Buffer, start: number, lines: readonly JournalLine[]): ReadLines {
  // Intact but for its last byte: a line break that was changed, not a line that was cut.
  const isDamaged =
    decodeLine(bytes, start, bytes.length - 1) !== undefined && decodeLine(bytes, start, bytes.length) === undefined;
  return isDamaged
    ? { lines, length: start, torn: false, damagedLine: lines.length + 1 }
    : { lines, length: start, torn: true, damagedLine: undefined };
}

function decodeLine(bytes: Buffer, start: number, end: number): JournalLine | undefined {
  if (end - start < checksumLength + 1 || bytes[start + checksumLength] !== blank) return undefined;
  const rest = bytes.subarray(start + checksumLength + 1, end);
  if (checksumAt(bytes, start) !== crc32(rest)) return undefined;
  // Two numbers and the blanks behind them, long before any text.
  const first = rest.indexOf(blank);
  const second = first < 0 ? -1 : rest.indexOf(blank, first + 1);
  const fence = numberIn(rest, 0, first);
  const sequence = numberIn(rest, first + 1, second);
  if (fence === undefined || sequence === undefined) return undefined;
  return { fence, sequence, text: rest.toString('utf8', second + 1) };
}

/** A number of up to fifteen digits; undefined for anything else. */
function numberIn(bytes: Buffer, start: number, end: number): number | undefined {
  if (end <= start || end - start > 15) return undefined;
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}

/** The checksum as it is written: eight hex digits in lower case; undefined for anything else. */
function checksumAt(bytes: Buffer, start: number): number | undefined {
  let value = 0;
  for (let at = start; at < start + checksumLength; at += 1) {
    const code = bytes[at] ?? 0;
    const digit = code >= 0x30 && code <= 0x39 ? code - 0x30 : code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
    if (digit < 0) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(checksumLength, '0');
}
