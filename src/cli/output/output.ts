import type { Failure } from '../../failure/failure.ts';

/** Where a command tells what it did: lines for people, or one JSON object a line. */
export interface Output {
  readonly json: boolean;
  /** True when a progress bar may redraw its line. */
  readonly interactive: boolean;
  /** A line for people; nothing in JSON mode. */
  line(text: string): void;
  /** A line for programs; nothing otherwise. */
  record(event: string, fields: object): void;
  failure(failure: Failure): void;
}

export interface OutputStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Results go to `out`, failures to `err`; in JSON mode everything goes to `out` as records. */
export function createOutput(json: boolean, out: OutputStream, err: OutputStream): Output {
  const record = (event: string, fields: object): void => {
    if (json) out.write(`${JSON.stringify({ event, ...fields })}\n`);
  };
  return {
    json,
    interactive: !json && out.isTTY === true,
    line: (text) => {
      if (!json) out.write(`${printable(text)}\n`);
    },
    record,
    failure: (failure) => {
      record('failure', failure);
      if (!json) err.write(`${failureText(failure)}\n`);
    },
  };
}

/** Control characters from a server must not move the cursor or change colours of the user's terminal. */
const printable = (text: string): string => text.replace(/[^\P{Cc}\n\t]/gu, '�');

/** A failure in lines: what failed, the server's words, what to do next, ids for support. */
export function failureText(failure: Failure): string {
  const lines = [`Error: ${failure.message}`];
  for (const words of failure.diagnostics ?? []) {
    if (!failure.message.includes(words)) lines.push(`  The server says: ${words}`);
  }
  if (failure.nextStep !== undefined) lines.push(`  Next: ${failure.nextStep}`);
  const ids = [failure.request, failure.status, failure.code, failure.requestId].filter((part) => part !== undefined);
  if (ids.length > 0) lines.push(`  (${ids.join(', ')})`);
  return printable(lines.join('\n'));
}
