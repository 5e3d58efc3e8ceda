/** One line that is not blank. */
export interface UnitLine {
  readonly text: string;
  /** 1 for the first line of the unit that is not blank. */
  readonly index: number;
}

const newline = 0x0a;

/**
 * The lines of a work unit, which reads `bytesToRead` bytes from `offset` on: a unit that does not begin the file leaves
 * out its first line, whole or not, and every unit reads on to the end of the line in which its bytes end; so each line of
 * a file belongs to one unit. Blank lines are left out. (fhir-server, ImportResourceLoader.ReadLines)
 */
export async function* unitLines(
  bytes: AsyncIterable<Buffer>,
  offset: number,
  bytesToRead: number,
): AsyncGenerator<readonly UnitLine[]> {
  let consumed = 0;
  let index = 0;
  let skipping = offset > 0;
  let rest: Buffer[] = [];
  const take = (line: Buffer): UnitLine | undefined => {
    consumed += line.length;
    if (skipping) {
      skipping = false;
      return undefined;
    }
    const text = line.toString('utf8').replace(/\r?\n$/, '');
    if (text === '') return undefined;
    index += 1;
    return { text, index };
  };
  for await (const chunk of bytes) {
    const lines: UnitLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0 && consumed <= bytesToRead; end = chunk.indexOf(newline, start)) {
      const tail = chunk.subarray(start, end + 1);
      const line = take(rest.length === 0 ? tail : Buffer.concat([...rest, tail]));
      if (line !== undefined) lines.push(line);
      rest = [];
      start = end + 1;
    }
    if (lines.length > 0) yield lines;
    if (consumed > bytesToRead) return;
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  const last = rest.length === 0 ? undefined : take(Buffer.concat(rest));
  if (last !== undefined) yield [last];
}

/** Where the units of a file begin; an empty file is one unit. */
export function unitOffsets(fileBytes: number, bytesPerUnit: number): readonly number[] {
  const units = Math.max(1, Math.ceil(fileBytes / bytesPerUnit));
  return Array.from({ length: units }, (_, unit) => unit * bytesPerUnit);
}
