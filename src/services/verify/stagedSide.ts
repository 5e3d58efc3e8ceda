import { lineIdentity } from '../../azure/lineIdentity.ts';
import type { StagedFile, Staging } from '../../azure/staging.ts';
import { FailureError } from '../../failure/failure.ts';
import type { ExactResource } from '../../fhir/exactBundle.ts';
import { exactText, quoteNumbers } from '../../fhir/exactJson.ts';
import type { ListedResource, ResourceReading } from '../../verify/differences.ts';
import type { Version } from '../../verify/pairVersions.ts';
import { stagedFilesByType } from '../definitions/stagedFiles.ts';
import { type ListedRange, listed, type Side } from './sides.ts';

interface Newest extends ListedResource {
  readonly deleted: boolean;
}

/** What the files hold of one type. */
interface HeldType {
  readonly newest: ReadonlyMap<string, Newest>;
  /** What is not deleted, in the order of its date. */
  readonly sorted: readonly Newest[];
  /** All versions in the order of their dates, where history is looked at. */
  readonly versions: readonly Version[] | undefined;
}

/** Rows of a page that is made of exported lines. */
const pageSize = 1_000;

/**
 * The exported files of a migration in place of a source that no longer answers. Of several exported versions of a
 * resource the newest one counts. Only one type is held in memory at a time. @param history whether versions are counted
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
  let held: { readonly type: string; readonly resources: Promise<HeldType> } | undefined;
  const of = (type: string, asked: AbortSignal): Promise<HeldType> => {
    if (held?.type !== type) {
      const resources = heldType(staging, files.get(type) ?? [], history, asked);
      resources.catch(() => (held = undefined));
      held = { type, resources };
    }
    return held.resources;
  };
  const side: Side = {
    async counts(ranges, kind, asked) {
      const counts: (number | undefined)[] = [];
      for (const range of ranges) {
        const { sorted, versions } = await of(range.type, asked);
        const [from, to] =
          kind === 'current'
            ? within(sorted, dateOf, range)
            : within(versions ?? [], (version) => version.lastUpdated, range);
        counts.push(kind === 'versions' && versions === undefined ? undefined : to - from);
      }
      return counts;
    },
    async *list(range, _content, asked) {
      const { sorted } = await of(range.type, asked);
      const [from, to] = within(sorted, dateOf, range);
      for (let at = from; at < to; at += pageSize) yield sorted.slice(at, Math.min(to, at + pageSize));
    },
    async read(type, ids, asked) {
      const { newest } = await of(type, asked);
      return ids.map((id) => readingOf(newest.get(id)));
    },
    async versions(range, asked) {
      const { versions } = await of(range.type, asked);
      return versions?.slice(...within(versions, (version) => version.lastUpdated, range));
    },
    text: (type, id, asked) => textOf(staging, files.get(type) ?? [], id, asked),
  };
  return { side, types: [...files.keys()].sort() };
}

const dateOf = ({ lastUpdated = 0 }: Newest): number => lastUpdated;

/** Where a range begins and ends among things in the order of their dates. */
function within<T>(
  sorted: readonly T[],
  dateAt: (item: T) => number,
  { since = -Infinity, till = Infinity }: ListedRange,
): readonly [from: number, to: number] {
  const firstFrom = (at: number): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = sorted[middle];
      if (item !== undefined && dateAt(item) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [firstFrom(since), firstFrom(till)];
}

function readingOf(found: Newest | undefined): ResourceReading {
  if (found === undefined) return { state: 'absent' };
  return found.deleted ? { state: 'deleted', at: found.lastUpdated } : { state: 'present', ...found };
}

async function heldType(
  staging: Staging,
  files: readonly StagedFile[],
  history: boolean,
  signal: AbortSignal,
): Promise<HeldType> {
  const newest = new Map<string, Newest>();
  const versions = new Map<string, Version>();
  for (const file of files)
    for await (const line of staging.lines(file.path, signal)) {
      const identity = line.tooLong ? undefined : lineIdentity(line.text);
      if (line.tooLong || identity === undefined) throw broken();
      if (history) {
        const { id, versionId, lastUpdated = 0 } = identity;
        versions.set(`${id} ${versionId ?? ''}`, { id, versionId, lastUpdated });
      }
      const held = newest.get(identity.id);
      if (held !== undefined && isOlder(identity, held)) continue;
      const resource = listed(JSON.parse(quoteNumbers(line.text)) as ExactResource, !identity.deleted);
      if (resource === undefined) throw broken();
      newest.set(identity.id, { ...resource, deleted: identity.deleted });
    }
  return {
    newest,
    sorted: [...newest.values()].filter(({ deleted }) => !deleted).sort((a, b) => dateOf(a) - dateOf(b)),
    versions: history ? [...versions.values()].sort((a, b) => a.lastUpdated - b.lastUpdated) : undefined,
  };
}

/** Text of the newest exported version of a resource. */
async function textOf(
  staging: Staging,
  files: readonly StagedFile[],
  id: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  let newest: { readonly resource: Newest; readonly text: string } | undefined;
  for (const file of files)
    for await (const line of staging.lines(file.path, signal)) {
      if (line.tooLong || !line.text.includes(id)) continue;
      const identity = lineIdentity(line.text);
      if (identity?.id !== id) continue;
      if (newest !== undefined && isOlder(identity, newest.resource)) continue;
      newest = { resource: { ...identity, digest: undefined }, text: line.text };
    }
  if (newest === undefined || newest.resource.deleted) return undefined;
  return exactText(JSON.parse(quoteNumbers(newest.text)));
}

function isOlder(
  version: { readonly versionId: string | undefined; readonly lastUpdated: number | undefined },
  than: Newest,
): boolean {
  const apart = (version.lastUpdated ?? 0) - (than.lastUpdated ?? 0);
  return apart < 0 || (apart === 0 && Number(version.versionId) < Number(than.versionId));
}

const broken = (): FailureError =>
  new FailureError({
    kind: 'unexpectedAnswer',
    message: 'An exported file holds a line that is no resource, or is too long to be read.',
    nextStep: 'Export its window again, then verify again.',
  });
