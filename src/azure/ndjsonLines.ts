/** One line of a file: its text, or that it was longer than the limit. */
export type NdjsonLine = { readonly tooLong: false; readonly text: string } | { readonly tooLong: true };

const lineFeed = 0x0a;

/**
 * Lines of a byte stream without their ends (LF or CRLF), blank ones left out, as the servers count them. A byte order
 * mark at the start is no part of the first line. A line over the limit is reported, but never held in memory.
 */
export async function* ndjsonLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<NdjsonLine, void> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let atStart = true;
  const take = (): NdjsonLine | undefined => {
    const line = bytes > maxLineBytes ? undefined : Buffer.concat(parts, bytes).toString('utf8');
    parts = [];
    bytes = 0;
    if (line === undefined) return { tooLong: true };
    const text = (atStart && line.startsWith('\uFEFF') ? line.slice(1) : line).replace(/\r$/, '');
    atStart = false;
    return text.trim() === '' ? undefined : { tooLong: false, text };
  };
  for await (const chunk of chunks) {
    let start = 0;
    while (start < chunk.length) {
      const end = chunk.indexOf(lineFeed, start);
      const piece = chunk.subarray(start, end === -1 ? chunk.length : end);
      bytes += piece.length;
      if (bytes > maxLineBytes) parts = [];
      else if (piece.length > 0) parts.push(piece);
      if (end === -1) break;
      const line = take();
      if (line !== undefined) yield line;
      start = end + 1;
    }
  }
  if (bytes > 0) {
    const line = take();
    if (line !== undefined) yield line;
  }
}
