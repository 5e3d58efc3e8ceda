import type * as vscode from 'vscode';
import type { Log } from '../../engine/ports.ts';

/** The log port on an output channel of the editor: one line each, fields behind the message. */
export function editorLog(channel: vscode.LogOutputChannel): Log {
  return {
    debug: (message, fields) => channel.debug(logLine(message, fields)),
    info: (message, fields) => channel.info(logLine(message, fields)),
    warn: (message, fields) => channel.warn(logLine(message, fields)),
    error: (message, fields) => channel.error(logLine(message, fields)),
  };
}

function logLine(message: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const parts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  // One event is one line, whatever a server put into it.
  return [message, ...parts].join(' ').replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
