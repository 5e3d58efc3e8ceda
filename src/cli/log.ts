import type { Log } from '../engine/ports.ts';

type Write = (text: string) => unknown;

/** One line an entry on standard error: time, level, message, fields as JSON. Without `verbose` only warnings and errors. */
export function consoleLog(verbose: boolean, write: Write): Log {
  const at =
    (level: string, shown: boolean) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      if (!shown) return;
      const rest = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`;
      write(`${new Date().toISOString()} ${level} ${message.replace(/\p{Cc}+/gu, ' ')}${rest}\n`);
    };
  return { debug: at('debug', verbose), info: at('info', verbose), warn: at('warn', true), error: at('error', true) };
}
