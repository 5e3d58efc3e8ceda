import { deletedState, type LineIdentity, lineIdentity } from '../../azure/lineIdentity.ts';
import type { StagedFile, Staging } from '../../azure/staging.ts';
import { FailureError } from '../../failure/failure.ts';
import type { ExactResource } from '../../fhir/exactBundle.ts';
import { exactText, quoteNumbers } from '../../fhir/exactJson.ts';
import type { ResourceReading } from '../../verify/differences.ts';
import type { Version } from '../../verify/pairVersions.ts';
import { isOlder, type ToldVersion, VersionTable } from '../../verify/versionTable.ts';
import { stagedFilesByType } from '../definitions/stagedFiles.ts';
import { listed, type Side } from './sides.ts';

/** What the files hold of one type. */
interface HeldType {
  readonly newest: VersionTable;
  /** All versions in the order of their dates, where history is looked at. */
  readonly versions: readonly Version[] | undefined;
}

/** Resources of all types that are held at once; of the type that is asked for, all of them are. */
const heldAtOnce = 1_000_000;

/** Rows of a page that is made of exported lines. */
const pageSize = 1_000;

/**
 * The exported files of a migration in place of a source that no longer answers. Of several exported versions of a
 * resource the newest one counts. @param history whether versions are counted
 * @throws FailureError `notFound` when none of the folders holds a file
 */
export async function stagedSide(
  staging: Staging,
  folders: readonly string[],
  history: boolean,
  signal: AbortSignal,
): Promise<{ readonly side: Side; readonly types: readonly string[] }> {
  const files = await stagedFilesByType(staging, folders, signal);
  if (files.size === 0)
    throw new FailureError({
      kind: 'notFound',
      message: 'The exported files of this migration are no longer in the staging account.',
      nextStep: 'Verify at the depth ledger, which needs only the journal.',
    });
  const of = typesHeld((type, asked) => heldType(staging, files.get(type) ?? [], history, asked));
  const side: Side = {
    serial: true,
    async counts(ranges, kind, asked) {
      const counts: (number | undefined)[] = [];
      for (const { type, since = -Infinity, till = Infinity } of ranges) {
        const { newest, versions } = await of(type, asked);
        counts.push(kind === 'current' ? newest.count(since, till) : versions && within(versions, since, till).length);
      }
      return counts;
    },
    async *list({ type, since = -Infinity, till = Infinity }, _content, asked) {
      yield* (await of(type, asked)).newest.pages(since, till, pageSize);
    },
    async read(type, ids, asked) {
      const { newest } = await of(type, asked);
      return ids.map((id) => readingOf(newest.get(id)));
    },
    async versions({ type, since = -Infinity, till }, asked) {
      const { versions } = await of(type, asked);
      return versions && within(versions, since, till);
    },
    text: (type, id, asked) => textOf(staging, files.get(type) ?? [], id, asked),
  };
  return { side, types: [...files.keys()].sort() };
}

/** Reads a type when it is asked for, and forgets the types that were asked for longest ago when there are too many. */
function typesHeld(
  read: (type: string, signal: AbortSignal) => Promise<HeldType>,
): (type: string, signal: AbortSignal) => Promise<HeldType> {
  const held = new Map<string, { readonly content: Promise<HeldType>; size: number }>();
  return async (type, signal) => {
    const known = held.get(type) ?? { content: read(type, signal), size: 0 };
    held.delete(type);
    held.set(type, known);
    try {
      const found = await known.content;
      known.size = found.newest.size;
      let total = [...held.values()].reduce((sum, { size }) => sum + size, 0);
      for (const [other, { size }] of held) {
        if (total <= heldAtOnce || other === type) break;
        held.delete(other);
        total -= size;
      }
      return found;
    } catch (error) {
      if (held.get(type) === known) held.delete(type);
      throw error;
    }
  };
}

/** Versions of a range, among versions in the order of their dates. */
function within(sorted: readonly Version[], since: number, till: number): readonly Version[] {
  const firstFrom = (at: number): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.lastUpdated ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return sorted.slice(firstFrom(since), firstFrom(till));
}

function readingOf(found: ToldVersion | undefined): ResourceReading {
  if (found === undefined) return { state: 'absent' };
  return found.deleted ? { state: 'deleted', at: found.lastUpdated } : { state: 'present', ...found };
}

async function heldType(
  staging: Staging,
  files: readonly StagedFile[],
  history: boolean,
  signal: AbortSignal,
): Promise<HeldType> {
  const newest = new VersionTable();
  const versions = new Map<string, Version>();
  for (const file of files)
    for await (const line of staging.lines(file.path, signal)) {
      const version = line.tooLong ? undefined : toldVersion(line.text);
      if (version === undefined) throw broken();
      newest.add(version);
      if (!history) continue;
      const { id, versionId, lastUpdated = 0 } = version;
      versions.set(`${id} ${versionId ?? ''}`, { id, versionId, lastUpdated });
    }
  return {
    newest,
    versions: history ? [...versions.values()].sort((a, b) => a.lastUpdated - b.lastUpdated) : undefined,
  };
}

/** What a line tells of a version; undefined when it is no resource. */
function toldVersion(text: string): ToldVersion | undefined {
  const resource = resourceIn(text);
  if (typeof resource?.resourceType !== 'string') return undefined;
  const deleted = isTombstone(resource.meta);
  const found = listed(resource, !deleted);
  return found === undefined ? undefined : { ...found, deleted };
}

function resourceIn(text: string): ExactResource | undefined {
  try {
    const json: unknown = JSON.parse(quoteNumbers(text));
    return typeof json === 'object' && json !== null ? (json as ExactResource) : undefined;
  } catch {
    return undefined;
  }
}

function isTombstone(meta: unknown): boolean {
  const { extension } = (meta ?? {}) as { readonly extension?: unknown };
  return (
    Array.isArray(extension) &&
    extension.some((one: unknown) => (one as { url?: unknown } | null)?.url === deletedState)
  );
}

/** Text of the newest exported version of a resource. */
async function textOf(
  staging: Staging,
  files: readonly StagedFile[],
  id: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  let newest: { readonly identity: LineIdentity; readonly text: string } | undefined;
  for (const file of files)
    for await (const line of staging.lines(file.path, signal)) {
      if (line.tooLong || !line.text.includes(id)) continue;
      const identity = lineIdentity(line.text);
      if (identity?.id !== id) continue;
      if (newest !== undefined && isOlder(identity, newest.identity)) continue;
      newest = { identity, text: line.text };
    }
  if (newest === undefined || newest.identity.deleted) return undefined;
  return exactText(JSON.parse(quoteNumbers(newest.text)));
}

const broken = (): FailureError =>
  new FailureError({
    kind: 'unexpectedAnswer',
    message: 'An exported file holds a line that is no resource, or is too long to be read.',
    nextStep: 'Export its window again, then verify again.',
  });
