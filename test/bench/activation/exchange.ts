import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { ActivationReport, ActivationTask } from './report.ts';

export interface Exchange {
  readonly address: string;
  /** Gives the task to the next extension host that asks, and resolves with its report. */
  next(task: ActivationTask): Promise<ActivationReport>;
  close(): Promise<void>;
}

/** Where extension hosts fetch their task and leave their report. */
export async function openExchange(): Promise<Exchange> {
  let current: { task: ActivationTask; resolve: (report: ActivationReport) => void } | undefined;
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.end(JSON.stringify(current?.task ?? { order: [] }));
      return;
    }
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.end();
      current?.resolve(JSON.parse(Buffer.concat(parts).toString()) as ActivationReport);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    next: (task) => new Promise((resolve) => (current = { task, resolve })),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
