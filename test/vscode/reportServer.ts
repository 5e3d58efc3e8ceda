import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createInterface } from 'node:readline';

import type { ReportLine } from './reportLines.ts';

/** A window that opens takes seconds; an extension host that never gets to its tests is not waited for. */
const firstWordMs = 90_000;
/** Longer than any test may take. */
const silenceMs = 180_000;

export interface RunTotals {
  readonly passed: number;
  readonly failed: number;
}

export interface ReportServer {
  readonly port: number;
  /**
   * Waits for the run's end.
   * @throws Error when it never begins, its connection is lost, or nothing is heard of it for too long.
   */
  totals(): Promise<RunTotals>;
  close(): Promise<void>;
}

/** Listens for one test run and prints what it tells, in the manner of mocha's own reporter. */
export async function startReportServer(print: (line: string) => void): Promise<ReportServer> {
  const ended = Promise.withResolvers<RunTotals>();
  // Whoever waits sees the rejection; a run that is given up before must not end the process.
  ended.promise.catch(() => undefined);
  const sockets = new Set<Socket>();
  const failures: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const waitFor = (what: string, ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => ended.reject(new Error(`${what} for ${ms / 1000} s.`)), ms);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    const lines = createInterface({ input: socket });
    lines.on('line', (text) => {
      waitFor('Nothing was heard of the tests', silenceMs);
      const line = JSON.parse(text) as ReportLine;
      printLine(line, failures, print);
      if (line.kind === 'end') ended.resolve({ passed: line.passed, failed: line.failed });
    });
    const lost = (): void => ended.reject(new Error('The extension host ended before its tests did.'));
    socket.on('error', lost);
    lines.on('close', lost);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    totals: () => {
      waitFor('The extension host did not begin its tests', firstWordMs);
      return ended.promise;
    },
    close: async () => {
      clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function printLine(line: ReportLine, failures: string[], print: (line: string) => void): void {
  switch (line.kind) {
    case 'suite':
      print(`${'  '.repeat(line.depth)}${line.title}`);
      break;
    case 'pass':
      print(`${'  '.repeat(line.depth)}✔ ${line.title}${line.ms > 75 ? ` (${line.ms}ms)` : ''}`);
      break;
    case 'fail':
      failures.push(`${failures.length + 1}) ${line.fullTitle}:\n${line.message}`);
      print(`${'  '.repeat(line.depth)}${failures.length}) ${line.title}`);
      break;
    case 'end':
      print(`\n  ${line.passed} passing`);
      if (line.failed > 0) print(`  ${line.failed} failing\n\n${failures.join('\n\n')}\n`);
      break;
  }
}
