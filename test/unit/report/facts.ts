import type { SignedOff } from '../../../src/engine/cutover.ts';
import type { MigrationOverview } from '../../../src/engine/overview.ts';
import type { VerificationRecord } from '../../../src/engine/verified.ts';
import type { ReportFacts } from '../../../src/report/reportOf.ts';
import { overview, totals, windowOf } from '../ui/samples.ts';

const day = Date.UTC(2026, 4, 3);
const hour = 3_600_000;

export function verificationRun(change: Partial<VerificationRecord> = {}): VerificationRecord {
  return {
    depth: 'range',
    outcome: 'equal',
    truth: 'service',
    till: day + 9 * hour,
    startedAt: day + 10 * hour,
    endedAt: day + 10 * hour + 90_000,
    types: [
      {
        type: 'Patient',
        source: 1_000,
        target: 1_000,
        equal: 1_000,
        unread: 0,
        recovered: 0,
        changedLater: 0,
        differs: 0,
        missingOnTarget: 0,
        extraOnTarget: 0,
        unreadable: 0,
      },
    ],
    openRanges: 0,
    truncated: false,
    accepted: 0,
    ...change,
  };
}

export const signedOff: SignedOff & { readonly at: number } = {
  at: day + 12 * hour,
  by: 'Night shift',
  because: 'All wards agreed.',
  cutoverAt: day + 11 * hour,
  gates: [
    { id: 'copyLag', state: 'passed', evidence: 'The copy is 40 s old.', at: day + 11 * hour },
    { id: 'configuration', state: 'waived', evidence: 'Two settings differ.', at: day + 11 * hour },
  ],
  steps: [{ id: 'freeze', state: 'passed', evidence: 'Nothing was written since.', at: day + 11 * hour }],
};

/** A whole life of a migration, with something in every section. */
export function wholeOverview(change: Partial<MigrationOverview> = {}): MigrationOverview {
  return overview({
    phase: 'complete',
    createdAt: day,
    startedAt: day + hour,
    endedAt: day + 9 * hour,
    watermark: day + 9 * hour,
    windows: [
      windowOf('w0001', { state: 'done', startedAt: day + hour, endedAt: day + 2 * hour, verified: 'equal' }),
      windowOf('w0002', { state: 'empty', startedAt: day + hour, endedAt: day + 3 * hour, verified: 'uncounted' }),
    ],
    operations: [],
    totals: {
      Patient: totals({ exported: 1_000, imported: 990, alreadyThere: 10, onSource: 1_000, onTarget: 1_000 }),
      Observation: totals({ exported: 250_000, imported: 250_000 }),
    },
    throughput: Array.from({ length: 40 }, (_, index) => ({
      at: day + hour + index * 60_000,
      imported: index ** 2 * 160,
    })),
    finish: {
      state: 'frozen',
      requestedAt: day + 8 * hour,
      frozenAt: day + 8 * hour,
      drainedAt: day + 8 * hour + 60_000,
      checkedAt: day + 8 * hour + 120_000,
      freezeToDoneMs: 120_000,
      newestBefore: day + 7 * hour,
      newestAfter: day + 7 * hour,
      changes: 0,
      by: 'search',
    },
    verification: {
      lagMs: undefined,
      until: day + 9 * hour,
      by: 'counts',
      windowsVerified: 2,
      windowsDifferent: 0,
      runs: [verificationRun()],
      treated: [
        { at: day + 10 * hour, treatment: 'accepted', classes: { differs: 3 }, because: 'Known rounding of a device.' },
      ],
      accepted: {},
    },
    cutover: {
      decisions: [{ at: day + 11 * hour, gate: 'configuration', decision: 'waived', because: 'CORS is set later.' }],
      begun: undefined,
      signedOff,
      wentBack: undefined,
    },
    cleanups: [
      {
        at: day + 13 * hour,
        blobs: 40,
        bytes: 123_456_789,
        errorFiles: 2,
        containers: ['migration'],
        changes: ['Import of clinical'],
        kept: { leased: 1 },
        digest: 'a'.repeat(64),
        proved: true,
      },
    ],
    notes: ['2 search parameters in 1 files are carried over separately.'],
    ...change,
  });
}

export function facts(change: Partial<ReportFacts> = {}): ReportFacts {
  return {
    overview: wholeOverview(),
    changes: [
      {
        id: 'c1',
        at: day,
        pair: { source: 'contoso', target: 'clinical' },
        state: 'done',
        change: {
          kind: 'settings',
          id: 'import',
          title: 'Import of clinical',
          resourceId: '/subscriptions/s1/clinical',
          resourceName: 'clinical',
          tenantId: undefined,
          edits: [{ path: ['properties', 'importConfiguration', 'enabled'], value: true }],
          before: [{ path: ['properties', 'importConfiguration', 'enabled'], value: false }],
        },
      },
    ],
    journal: { records: 120, format: 2, planSha256: 'c'.repeat(64), first: 1, last: 120, sha256: 'b'.repeat(64) },
    product: 'fhir-migration/0.1.0',
    takenAt: day + 14 * hour,
    ...change,
  };
}
