/*
 * What it costs to check and order a snapshot of 50,000 windows for the panel, against reading the same text with
 * JSON.parse. For the bench runner: `panelSnapshot()` gives the ratio; the goal is at most 8.
 */
import { performance } from 'node:perf_hooks';

import { packWindow, parseHostMessage, protocolVersion } from '../../webview/protocol.ts';
import { initialState, reduce } from '../../webview/state.ts';

const windows = 50_000;
const rounds = 9;

function snapshotText(): string {
  const service = { name: 'contoso', kind: 'AHDS FHIR service', endpoint: 'https://contoso.example' };
  return JSON.stringify({
    type: 'snapshot',
    version: protocolVersion,
    revision: 1,
    now: 0,
    head: {
      name: 'Contoso',
      source: service,
      target: service,
      phase: 'backlog',
      blind: false,
      driver: 'here',
      controls: ['pause'],
      createdAt: 0,
      staging: { account: 'contoso', container: 'migration', folders: [] },
      verified: { until: undefined, lagMs: undefined, by: 'counts', windows: 0, different: 0 },
      journalLength: 1,
    },
    progress: { windowsDone: 1, windowsKnown: windows, exported: 1, imported: 1, remainingBasis: '' },
    operations: [],
    totals: [],
    throughput: [],
    attention: [],
    notes: [],
    windows: Array.from({ length: windows }, (_, index) =>
      packWindow({
        id: `w${index}`,
        kind: 'backlog',
        since: 1_600_000_000_000 + index * 60_000,
        till: 1_600_000_060_000 + index * 60_000,
        state: 'done',
        attempts: 1,
        expected: 100_000,
        exported: 100_000,
        imported: 100_000,
        alreadyThere: 0,
        failed: 0,
        startedAt: 1_700_000_000_000,
        endedAt: 1_700_000_100_000,
      }),
    ),
  });
}

function median(of: () => unknown): number {
  const times = Array.from({ length: rounds }, () => {
    const begin = performance.now();
    of();
    return performance.now() - begin;
  });
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

/** Time from the parsed message to the new state, as a multiple of the time of JSON.parse. */
export function panelSnapshot(): number {
  const text = snapshotText();
  const received: unknown = JSON.parse(text);
  const start = initialState(undefined);
  const used = median(() => {
    const message = parseHostMessage(received);
    if (message === undefined) throw new Error('The snapshot is no message of the protocol.');
    return reduce(start, { type: 'message', message, at: 0 });
  });
  return used / median(() => JSON.parse(text) as unknown);
}
