/** Where log lines go. Fields never hold bodies, queries, resource ids or tokens. */
export interface HttpLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** For callers that keep no log. */
export const silentLog: HttpLog = { debug: () => undefined, info: () => undefined, warn: () => undefined };
