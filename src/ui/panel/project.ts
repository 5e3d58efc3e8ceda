import { cutoverStage } from '../../cutover/stage.ts';
import type { MigrationOverview, WindowOverview } from '../../engine/overview.ts';
import type { Failure } from '../../failure/failure.ts';
import {
  packWindow,
  type FailureView,
  type HeadView,
  type PackedWindow,
  type SnapshotMessage,
  type WindowDetail,
} from '../../../webview/protocol.ts';
import { offeredControls } from '../migrations/controls.ts';
import type { MigrationState } from '../migrations/migrationState.ts';
import { exportModeWords } from '../words/migrationWords.ts';
import { kindName } from '../words/serviceWords.ts';

/** What the panel shows of a migration, in the protocol's words: every section whole. */
export type PanelSections = Omit<SnapshotMessage, 'type' | 'version' | 'revision' | 'now' | 'windows'>;

/** Most failures and notes that one panel lists; the journal has them all. */
const listed = 200;

/** Projects a migration onto the sections of the panel. Texts of servers stay texts: the page makes no markup of them. */
export function projectSections({ overview, driven }: MigrationState): PanelSections {
  return {
    head: headOf({ overview, driven }),
    progress: overview.progress,
    operations: overview.operations.map((operation) => ({ ...operation, windows: [...operation.windows] })),
    totals: Object.entries(overview.totals)
      .map(([type, totals]) => ({ type, ...totals }))
      .sort((a, b) => a.type.localeCompare(b.type)),
    throughput: overview.throughput.slice(-240).map(({ at, imported }): [number, number] => [at, imported]),
    attention: overview.attention.slice(0, listed).map(({ about, failure, actions }) => ({
      about: { ...about },
      failure: failureView(failure),
      actions: [...actions],
    })),
    notes: overview.notes.slice(0, listed),
  };
}

function headOf({ overview, driven }: MigrationState): HeadView {
  const serviceView = ({ name, kind, endpoint }: MigrationOverview['plan']['source']): HeadView['source'] => ({
    name,
    kind: kindName(kind),
    endpoint,
  });
  const { account, container, folders } = overview.staging;
  return {
    name: overview.name,
    source: serviceView(overview.plan.source),
    target: serviceView(overview.plan.target),
    phase: overview.phase,
    waiting: overview.waiting,
    blind: overview.blind,
    exportMode: exportModeWords(overview.exportMode),
    driver: driven,
    controls: [...offeredControls(overview, driven)],
    createdAt: overview.createdAt,
    startedAt: overview.startedAt,
    endedAt: overview.endedAt,
    watermark: overview.watermark,
    sync: syncView(overview),
    finish: overview.finish,
    cutover: cutoverStage(overview),
    verified: verifiedOf(overview),
    staging: { account, container, folders: folders.slice(0, listed) },
    journalLength: overview.journalLength,
  };
}

function verifiedOf({ verification }: MigrationOverview): HeadView['verified'] {
  const { until, lagMs, by, windowsVerified, windowsDifferent } = verification;
  return { until, lagMs, by, windows: windowsVerified, different: windowsDifferent };
}

/** The age of the copy is left out: it grows without a message. */
function syncView({ sync }: MigrationOverview): HeadView['sync'] {
  if (sync === undefined) return undefined;
  const { purpose, lagTargetMs, copiedUntil, exact, nextWindowAt } = sync;
  return { purpose, lagTargetMs, copiedUntil, exact, nextWindowAt };
}

/** A failure as the page shows it. */
export function failureView(failure: Failure): FailureView {
  const { message, service, diagnostics, nextStep, request, status, code, requestId } = failure;
  return { message, service, diagnostics: [...(diagnostics ?? [])], nextStep, request, status, code, requestId };
}

/** Windows in the form in which they travel, by id, in the order of the overview. */
export function projectWindows(overview: MigrationOverview): ReadonlyMap<string, PackedWindow> {
  return new Map(overview.windows.map((window) => [window.id, packWindow(window)]));
}

/** What the page asks for when a row is opened; undefined when the window is gone. */
export function windowDetail(overview: MigrationOverview, id: string): WindowDetail | undefined {
  const window = overview.windows.find((candidate: WindowOverview) => candidate.id === id);
  if (window === undefined) return undefined;
  return { files: window.files, failure: window.failure === undefined ? undefined : failureView(window.failure) };
}
