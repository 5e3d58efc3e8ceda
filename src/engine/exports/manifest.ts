import { FailureError } from '../../failure/failure.ts';
import type { PlannedPart } from '../events.ts';
import type { PlanStaging } from '../plan.ts';
import type { ExportManifest, StagedFile } from '../ports.ts';

/** A file of a window's export as it lies in the staging account. Stored as the window's manifest attachment. */
export interface WindowFile {
  readonly type: string;
  readonly url: string;
  readonly count: number;
  readonly bytes: number;
  readonly etag: string;
}

/** An export's files in the order in which parts refer to them, and what is not imported. */
export interface WindowFiles {
  readonly files: readonly WindowFile[];
  readonly parts: readonly PlannedPart[];
  /** SearchParameter files: an import refuses them (import contract, errors at start). */
  readonly setAside: readonly WindowFile[];
  readonly resources: number;
}

const searchParameterType = 'SearchParameter';

/** Folders of a manifest's files, as paths inside the staging container. Throws `unexpectedAnswer` for others. */
export function foldersOf(manifest: ExportManifest, staging: PlanStaging): readonly string[] {
  const root = `${new URL(staging.blobEndpoint).pathname.replace(/\/$/, '')}/${staging.container}/`;
  const folders = new Set<string>();
  for (const { url } of manifest.output) {
    const path = URL.canParse(url) ? decodePath(new URL(url).pathname) : '';
    if (!path.startsWith(root)) {
      throw unexpected(`The export's manifest names a file outside the container ${staging.container}.`);
    }
    folders.add(path.slice(root.length, Math.max(root.length, path.lastIndexOf('/'))));
  }
  return [...folders].sort();
}

/**
 * Pairs the manifest with what the staging account really holds. A file named twice counts once. Throws
 * `unexpectedAnswer` when a file is missing, or empty although the manifest promises lines.
 */
export function windowFiles(
  manifest: ExportManifest,
  staged: ReadonlyMap<string, StagedFile>,
  filesPerImport: number,
): WindowFiles {
  const byUrl = new Map<string, WindowFile>();
  for (const { type, url, count } of manifest.output) {
    const key = fileKey(url);
    const found = staged.get(key);
    if (found === undefined) throw unexpected('A file of the export is not in the staging account.');
    if (found.bytes === 0 && count > 0) throw unexpected('A file of the export is empty in the staging account.');
    byUrl.set(key, { type, url, count, bytes: found.bytes, etag: found.etag });
  }
  const all = [...byUrl.values()].sort((a, b) => compare(a.type, b.type) || compare(a.url, b.url));
  const files = all.filter((file) => file.type !== searchParameterType && file.count > 0);
  return {
    files,
    parts: partsOf(files, filesPerImport),
    setAside: all.filter((file) => file.type === searchParameterType),
    resources: all.reduce((sum, file) => sum + file.count, 0),
  };
}

/** Runs of files of one type, each of at most as many files as one import takes. */
function partsOf(files: readonly WindowFile[], filesPerImport: number): readonly PlannedPart[] {
  const parts: { type: string; files: number; resources: number; bytes: number }[] = [];
  for (const file of files) {
    const last = parts.at(-1);
    if (last?.type === file.type && last.files < filesPerImport) {
      last.files += 1;
      last.resources += file.count;
      last.bytes += file.bytes;
    } else {
      parts.push({ type: file.type, files: 1, resources: file.count, bytes: file.bytes });
    }
  }
  return parts;
}

/** The same for two spellings of one address. */
export function fileKey(url: string): string {
  if (!URL.canParse(url)) return url;
  const { host, pathname } = new URL(url);
  return `${host.toLowerCase()}${decodePath(pathname)}`;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function unexpected(message: string): FailureError {
  return new FailureError({
    kind: 'unexpectedAnswer',
    message,
    nextStep:
      'The window is exported again. If this repeats, look at the staging account: something may delete or change files there.',
  });
}
