import { lineIdentity } from '../../azure/lineIdentity.ts';
import type { StagedFile, Staging } from '../../azure/staging.ts';
import { FailureError } from '../../failure/failure.ts';
import type { ExactResource } from '../../fhir/exactBundle.ts';
import { quoteNumbers } from '../../fhir/exactJson.ts';
import type { ListedResource, ResourceReading } from '../../verify/differences.ts';
import { type ListedRange, listed, type Side } from './sides.ts';

type Newest = ListedResource & { readonly deleted: boolean };

/** Rows of a page that is made of exported lines. */
const pageSize = 1_000;

/**
 * The exported files of a migration in place of a source that no longer answers. Of several exported versions of a
 * resource the newest one counts. Only one type is held in memory at a time.
 * @throws FailureError `notFound` when none of the folders holds a file
 */
export async function stagedSide(
  staging: Staging,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly side: Side; readonly types: readonly string[] }> {
  const files = new Map<string, StagedFile[]>();
  for (const folder of folders)
    for await (const page of staging.files(folder, signal))
      for (const file of page) {
        const type = /\/([A-Z][A-Za-z]+)-[^/]*$/.exec(file.path)?.[1];
        if (type !== undefined) files.set(type, [...(files.get(type) ?? []), file]);
      }
  if (files.size === 0)
    throw new FailureError({
      kind: 'notFound',
      message: 'The exported files of this migration are no longer in the staging account.',
      nextStep: 'Verify at the depth ledger, which needs only the journal.',
    });
  let held: { readonly type: string; readonly resources: Promise<ReadonlyMap<string, Newest>> } | undefined;
  const of = (type: string, asked: AbortSignal): Promise<ReadonlyMap<string, Newest>> => {
    if (held?.type !== type) {
      const resources = newestOf(staging, files.get(type) ?? [], asked);
      resources.catch(() => (held = undefined));
      held = { type, resources };
    }
    return held.resources;
  };
  const inRange = async (range: ListedRange, asked: AbortSignal): Promise<readonly Newest[]> =>
    [...(await of(range.type, asked)).values()].filter((resource) => isInside(resource, range));
  const side: Side = {
    async counts(ranges, kind, asked) {
      const counts: (number | undefined)[] = [];
      for (const range of ranges) counts.push(kind === 'current' ? (await inRange(range, asked)).length : undefined);
      return counts;
    },
    async *list(range, _content, asked) {
      const sorted = [...(await inRange(range, asked))].sort((a, b) => (a.lastUpdated ?? 0) - (b.lastUpdated ?? 0));
      for (let at = 0; at < sorted.length; at += pageSize) yield sorted.slice(at, at + pageSize);
    },
    async read(type, ids, asked) {
      const resources = await of(type, asked);
      return ids.map((id) => readingOf(resources.get(id)));
    },
  };
  return { side, types: [...files.keys()].sort() };
}

function isInside({ deleted, lastUpdated }: Newest, { since, till }: ListedRange): boolean {
  if (deleted || lastUpdated === undefined) return false;
  return lastUpdated >= (since ?? -Infinity) && lastUpdated < (till ?? Infinity);
}

function readingOf(found: Newest | undefined): ResourceReading {
  if (found === undefined) return { state: 'absent' };
  return found.deleted ? { state: 'deleted', at: found.lastUpdated } : { state: 'present', ...found };
}

async function newestOf(
  staging: Staging,
  files: readonly StagedFile[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Newest>> {
  const newest = new Map<string, Newest>();
  for (const file of files)
    for await (const line of staging.lines(file.path, signal)) {
      const identity = line.tooLong ? undefined : lineIdentity(line.text);
      if (line.tooLong || identity === undefined) throw broken();
      const held = newest.get(identity.id);
      if (held !== undefined && isOlder(identity, held)) continue;
      const resource = listed(JSON.parse(quoteNumbers(line.text)) as ExactResource, !identity.deleted);
      if (resource === undefined) throw broken();
      newest.set(identity.id, { ...resource, deleted: identity.deleted });
    }
  return newest;
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
