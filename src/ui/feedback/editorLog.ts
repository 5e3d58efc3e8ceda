import type * as vscode from 'vscode';
import type { Log } from '../../engine/ports.ts';

type Level = keyof Log;

/** The log port on an output channel of the editor: one line each, fields behind the message. */
export function editorLog(channel: Pick<vscode.LogOutputChannel, Level>): Log {
  const writing =
    (level: Level) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      try {
        channel[level](logLine(message, fields));
      } catch {
        // The editor closes the channel before what runs in this window has let go, and no line may stop it from that.
      }
    };
  return { debug: writing('debug'), info: writing('info'), warn: writing('warn'), error: writing('error') };
}

function logLine(message: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const parts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  // One event is one line, whatever a server put into it.
  return [message, ...parts].join(' ').replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
