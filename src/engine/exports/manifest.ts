import { FailureError } from '../../failure/failure.ts';
import type { PlannedPart } from '../events.ts';
import type { PlanStaging } from '../plan.ts';
import type { ExportManifest, StagedFile } from '../ports.ts';

/** A file of a window's export as it lies in the staging account. Stored as the window's manifest attachment. */
export interface WindowFile {
  readonly type: string;
  readonly url: string;
  readonly count: number;
  /** 0: unknown, the staging account could not be looked at. */
  readonly bytes: number;
  /** Absent: the staging account could not be looked at. */
  readonly etag?: string | undefined;
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

/** Where the files of a staging container begin in the path of an address. */
function rootOf(staging: PlanStaging): string {
  return `${new URL(staging.blobEndpoint).pathname.replace(/\/$/, '')}/${staging.container}/`;
}

/** Path of a file below its container. Throws `unexpectedAnswer` for an address elsewhere. */
function pathBelow(root: string, url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  if (!url.startsWith(root, start)) throw unexpected('The export names a file outside the staging container.');
  const path = url.slice(start + root.length);
  return path.includes('%') ? decodePath(path) : path;
}

/** Paths of files of one container, however many share an address's beginning. */
export function pathsOf(urls: Iterable<string>, staging: PlanStaging): readonly string[] {
  const root = rootOf(staging);
  return Array.from(urls, (url) => pathBelow(root, url));
}

/** Folders in which files lie, as paths inside their container. */
export function foldersOf(paths: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  let last: string | undefined;
  for (const path of paths) {
    // An export of 100,000 files lies in one folder.
    if (last !== undefined && path.startsWith(last) && !path.includes('/', last.length)) continue;
    last = path.slice(0, path.lastIndexOf('/') + 1);
    folders.add(last.slice(0, -1));
  }
  return [...folders].sort();
}

/** What lies in folders of the staging container, by path. */
export class StagedListing {
  readonly files: StagedFile[] = [];
  readonly #indexes = new Map<string, number>();

  add(page: readonly StagedFile[]): void {
    for (const file of page) {
      this.#indexes.set(file.path, this.files.length);
      this.files.push(file);
    }
  }

  /** Index of a file; `likely` is looked at first, because manifest and listing mostly run in the same order. */
  indexOf(path: string, likely: number): number {
    return this.files[likely]?.path === path ? likely : (this.#indexes.get(path) ?? -1);
  }

  find(path: string): StagedFile | undefined {
    return this.files[this.indexOf(path, -1)];
  }
}

/**
 * Pairs the manifest with what the staging account really holds; `paths` are those of the manifest's files, in its
 * order. A file named twice counts once. Throws `unexpectedAnswer` when a file is missing, or
 * empty although the manifest promises lines. `staged` undefined: nobody may look, and the manifest is taken at its word.
 */
export function windowFiles(
  manifest: ExportManifest,
  paths: readonly string[],
  staged: StagedListing | undefined,
  filesPerImport: number,
): WindowFiles {
  const byType = new Map<string, WindowFile[]>();
  const known = staged ?? listedBy(paths);
  const taken = new Uint8Array(known.files.length);
  let resources = 0;
  let index = -1;
  for (const [place, { type, url, count }] of manifest.output.entries()) {
    index = known.indexOf(paths[place] ?? '', index + 1);
    const found = known.files[index];
    if (found === undefined) throw unexpected('A file of the export is not in the staging account.');
    if (staged !== undefined && found.bytes === 0 && count > 0)
      throw unexpected('A file of the export is empty in the staging account.');
    if (taken[index] === 1) continue;
    taken[index] = 1;
    resources += count;
    const etag = staged === undefined ? undefined : found.etag;
    const file: WindowFile = { type, url, count, bytes: found.bytes, etag };
    const files = byType.get(type);
    if (files === undefined) byType.set(type, [file]);
    else files.push(file);
  }
  const setAside = byType.get(searchParameterType) ?? [];
  byType.delete(searchParameterType);
  const files = [...byType.values()].flat().filter(({ count }) => count > 0);
  return { files, parts: partsOf(files, filesPerImport), setAside, resources };
}

/** What a manifest says that lies in the staging account. */
function listedBy(paths: readonly string[]): StagedListing {
  const listing = new StagedListing();
  listing.add([...new Set(paths)].map((path) => ({ url: '', path, bytes: 0, etag: '' })));
  return listing;
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

/** The same for two spellings of one address: without scheme and query, host in lower case, path decoded. */
export function fileKey(url: string): string {
  const host = url.indexOf('://') + 3;
  const path = url.indexOf('/', host);
  if (host < 3 || path < 0) return url;
  const query = url.indexOf('?', path);
  const plain = query < 0 ? url.slice(path) : url.slice(path, query);
  return `${url.slice(host, path).toLowerCase()}${plain.includes('%') ? decodePath(plain) : plain}`;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function unexpected(message: string): FailureError {
  return new FailureError({
    kind: 'unexpectedAnswer',
    message,
    nextStep:
      'The window is exported again. If this repeats, look at the staging account: something may delete or change files there.',
  });
}
