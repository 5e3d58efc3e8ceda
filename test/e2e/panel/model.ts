import {
  packWindow,
  protocolVersion,
  type HostMessage,
  type PatchMessage,
  type SnapshotMessage,
  type WindowRow,
  type WindowState,
} from '../../../webview/protocol.ts';

const day = 86_400_000;
const start = Date.UTC(2019, 0, 1);

export const init: Extract<HostMessage, { type: 'init' }> = {
  type: 'init',
  version: protocolVersion,
  migrationId: 'm-1',
  locale: 'en-GB',
  strings: {},
};

export const gone: HostMessage = {
  type: 'gone',
  version: protocolVersion,
  reason: 'Its journal was removed from this machine.',
  name: 'Contoso Health, production',
};

/** A window of 30 days, as far as its state says. */
export function row(index: number, state: WindowState, changes: Partial<WindowRow> = {}): WindowRow {
  const moved = state === 'done' ? 48_211 + ((index * 7_919) % 31_000) : 0;
  const began = state === 'planned' ? undefined : Date.UTC(2026, 5, 1, 8) + index * 240_000;
  return {
    id: `w${String(index + 1).padStart(4, '0')}`,
    kind: 'backlog',
    since: index === 0 ? undefined : start + index * 30 * day,
    till: start + (index + 1) * 30 * day,
    state,
    attempts: state === 'planned' ? 0 : state === 'needsAttention' ? 8 : 1,
    expected: 50_000,
    exported: state === 'importing' || state === 'exported' ? 50_000 : moved,
    imported: moved,
    alreadyThere: state === 'done' && index % 9 === 0 ? 12 : 0,
    failed: state === 'needsAttention' ? 3 : 0,
    startedAt: began,
    endedAt: state === 'done' || state === 'empty' ? (began ?? 0) + 900_000 + (index % 5) * 60_000 : undefined,
    ...changes,
  };
}

/** Windows of a migration in full swing: most done, some in flight, the rest planned. */
export function windowsInFullSwing(total = 60): WindowRow[] {
  return Array.from({ length: total }, (_, index) => {
    const share = index / total;
    if (share < 0.55) return row(index, index === 4 ? 'empty' : 'done');
    if (share < 0.6) return row(index, 'importing');
    if (share < 0.64) return row(index, 'exported');
    return row(index, share < 0.66 ? 'exporting' : 'planned');
  });
}

const types = ['Observation', 'Encounter', 'Condition', 'MedicationRequest', 'Patient', 'Procedure', 'Claim', 'Device'];

/** A snapshot of a migration in full swing; `changes` replaces whole sections. */
export function snapshot(
  changes: Partial<SnapshotMessage> = {},
  rows: readonly WindowRow[] = windowsInFullSwing(),
): SnapshotMessage {
  const now = Date.UTC(2026, 5, 1, 11, 20);
  const began = Date.UTC(2026, 5, 1, 8);
  const imported = rows.reduce((sum, each) => sum + each.imported, 0);
  return {
    type: 'snapshot',
    version: protocolVersion,
    revision: 1,
    now,
    head: {
      name: 'Contoso Health, production',
      source: {
        name: 'contoso-fhir',
        kind: 'Azure API for FHIR',
        endpoint: 'https://contoso-fhir.azurehealthcareapis.com',
      },
      target: {
        name: 'health/prod',
        kind: 'AHDS FHIR service',
        endpoint: 'https://health-prod.fhir.azurehealthcareapis.com',
      },
      phase: 'backlog',
      blind: false,
      driver: 'here',
      controls: ['pause', 'cancel'],
      createdAt: began - 60_000,
      startedAt: began,
      watermark: start + 33 * 30 * day,
      verified: { until: start + 32 * 30 * day, lagMs: 90_000, by: 'counts', windows: 32, different: 1 },
      staging: {
        account: 'contosostaging',
        container: 'migration',
        folders: ['20260601T080112Z-4711', '20260601T081530Z-4712'],
      },
      journalLength: 412,
    },
    progress: {
      windowsDone: rows.filter(({ state }) => state === 'done' || state === 'empty').length,
      windowsKnown: rows.length,
      exported: imported + 150_000,
      imported,
      expected: rows.length * 60_000,
      rateNow: 412.3,
      rateAverage: 388.1,
      remainingMs: 5_940_000,
      remainingBasis: 'From the average of the last 30 minutes and the counts of the source.',
    },
    operations: [
      {
        id: 'e0039-1',
        kind: 'export',
        windows: ['w0039'],
        jobId: '4751',
        state: 'running',
        attempt: 1,
        since: now - 300_000,
        nextAt: now + 20_000,
        resources: 18_220,
      },
      {
        id: 'i0034-1',
        kind: 'import',
        windows: ['w0034', 'w0035', 'w0036'],
        jobId: '9921',
        state: 'running',
        attempt: 1,
        since: now - 840_000,
        nextAt: now + 45_000,
        resources: undefined,
      },
      {
        id: 'i0033-2',
        kind: 'import',
        windows: ['w0033', 'w0034', 'w0035', 'w0036', 'w0037'],
        jobId: '9920',
        state: 'retrying',
        attempt: 2,
        since: now - 1_320_000,
        nextAt: now + 95_000,
        resources: undefined,
      },
    ],
    totals: types.map((type, index) => ({
      type,
      exported: Math.round(imported / 2 ** (index + 1)),
      imported: Math.round(imported / 2 ** (index + 1)) - (index === 2 ? 12 : 0),
      alreadyThere: index === 2 ? 12 : 0,
      failed: 0,
      unaccounted: 0,
      onSource: undefined,
      onTarget: undefined,
    })),
    throughput: Array.from({ length: 200 }, (_, index) => {
      const at = began + (index * (now - began)) / 199;
      return [at, Math.round((imported * index) / 199 + Math.sin(index / 6) * 14_000 * (index / 199))] as [
        number,
        number,
      ];
    }),
    attention: [],
    notes: [],
    windows: rows.map(packWindow),
    ...changes,
  };
}

/** A patch on the first snapshot. */
export function patch(changes: Partial<PatchMessage>): PatchMessage {
  return {
    type: 'patch',
    version: protocolVersion,
    base: 1,
    revision: 2,
    now: Date.UTC(2026, 5, 1, 11, 21),
    ...changes,
  };
}

export const failure = {
  message: 'The import of window w0012 failed on health/prod.',
  service: 'health/prod',
  diagnostics: [
    'Import job failed: The request exceeded the limit of 10000 input files.',
    'Error processing resource. Resource id: ***',
  ],
  nextStep: 'Lower "limits.filesPerImport" in the plan and retry.',
  request: 'POST /$import',
  status: 413,
  code: 'RequestEntityTooLarge',
  requestId: '00-4bf92f3577b34da6',
};
