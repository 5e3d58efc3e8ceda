import {
  packWindow,
  protocolVersion,
  type HostMessage,
  type PatchMessage,
  type SnapshotMessage,
  type WindowRow,
} from '../../../webview/protocol.ts';

/** One window of a day, planned, unless said otherwise. */
export function windowRow(id: string, changes: Partial<WindowRow> = {}): WindowRow {
  return {
    id,
    kind: 'backlog',
    since: 0,
    till: 86_400_000,
    state: 'planned',
    attempts: 0,
    expected: undefined,
    exported: 0,
    imported: 0,
    alreadyThere: 0,
    failed: 0,
    startedAt: undefined,
    endedAt: undefined,
    ...changes,
  };
}

export function init(changes: Partial<Extract<HostMessage, { type: 'init' }>> = {}): HostMessage {
  return {
    type: 'init',
    version: protocolVersion,
    migrationId: 'm-1',
    locale: 'de',
    strings: { Pause: 'Anhalten' },
    ...changes,
  };
}

const service = { name: 'contoso', kind: 'Azure API for FHIR', endpoint: 'https://contoso.example' };

/** A snapshot in which every part holds something. */
export function snapshot(changes: Partial<SnapshotMessage> = {}): SnapshotMessage {
  return {
    type: 'snapshot',
    version: protocolVersion,
    revision: 1,
    now: 1_000,
    head: {
      name: 'Contoso',
      source: service,
      target: { ...service, name: 'fabrikam' },
      phase: 'backlog',
      waiting: 'Throttled until 14:05.',
      blind: false,
      driver: 'here',
      controls: ['pause', 'cancel'],
      createdAt: 1,
      startedAt: 2,
      verified: { until: 500, lagMs: 500, by: 'counts', windows: 1, different: 0 },
      staging: { account: 'staging', container: 'migration', folders: ['a'] },
      journalLength: 12,
    },
    progress: {
      windowsDone: 1,
      windowsKnown: 2,
      exported: 200,
      imported: 100,
      expected: 400,
      rateNow: 1,
      rateAverage: 2,
      remainingMs: 3,
      remainingBasis: 'From the average.',
    },
    operations: [
      {
        id: 'e1-1',
        kind: 'export',
        windows: ['w1'],
        jobId: '7',
        state: 'running',
        attempt: 1,
        since: 3,
        nextAt: 9,
        resources: 4,
      },
    ],
    totals: [
      {
        type: 'Patient',
        exported: 2,
        imported: 1,
        alreadyThere: 1,
        failed: 0,
        unaccounted: 0,
        onSource: 2,
        onTarget: 2,
      },
    ],
    throughput: [[1, 10]],
    attention: [
      {
        about: { window: 'w1' },
        failure: { message: 'It failed.', diagnostics: ['Because.'], nextStep: 'Retry.', status: 500 },
        actions: ['retry'],
      },
    ],
    notes: ['A note.'],
    windows: [packWindow(windowRow('w1')), packWindow(windowRow('w2', { since: 86_400_000, till: 172_800_000 }))],
    ...changes,
  };
}

export function patch(changes: Partial<PatchMessage> = {}): PatchMessage {
  return { type: 'patch', version: protocolVersion, base: 1, revision: 2, now: 2_000, ...changes };
}
