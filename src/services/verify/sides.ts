import { toFailure } from '../../failure/failure.ts';
import { count, type CountOf } from '../../fhir/count.ts';
import { countRanges } from '../../fhir/countRanges.ts';
import type { ExactResource } from '../../fhir/exactBundle.ts';
import { exactText } from '../../fhir/exactJson.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { heldVersions } from '../../fhir/heldVersions.ts';
import { listResources } from '../../fhir/listResources.ts';
import { readResources, type ResourceAnswer } from '../../fhir/readResources.ts';
import { typeVersions } from '../../fhir/typeVersions.ts';
import { contentDigest } from '../../verify/canonical.ts';
import type { ListedResource, ResourceReading } from '../../verify/differences.ts';
import type { TypeRange } from '../../verify/narrow.ts';
import type { Version } from '../../verify/pairVersions.ts';

/** A range of one type, without end where `till` is undefined. */
export type ListedRange = Omit<TypeRange, 'till'> & { readonly till: number | undefined };

/** One of the two things that are compared: a service, or the exported files that stand for one. */
export interface Side {
  /** One type is best compared after the other: what is known of a type is held in memory. */
  readonly serial?: true;
  /** Counts of ranges in the order given; undefined: unknown. */
  counts(ranges: readonly ListedRange[], of: CountOf, signal: AbortSignal): Promise<readonly (number | undefined)[]>;
  list(range: ListedRange, content: boolean, signal: AbortSignal): AsyncIterable<readonly ListedResource[]>;
  /** Reads resources of one type, in the order given. */
  read(type: string, ids: readonly string[], signal: AbortSignal): Promise<readonly ResourceReading[]>;
  /** Versions of a range, tombstones included; undefined: this side does not know. */
  versions(range: TypeRange, signal: AbortSignal): Promise<readonly Version[] | undefined>;
  /** Text of one resource for the screen; undefined: there is none. */
  text(type: string, id: string, signal: AbortSignal): Promise<string | undefined>;
}

/** Counts of one batch: few enough to be done within the 100 s that the servers allow a bundle. */
const countsAtOnce = 60;

/** Failures that every further request would meet, too. */
const lasting: ReadonlySet<string> = new Set(['cancelled', 'notSignedIn', 'forbidden', 'retired', 'network', 'bug']);

/** A service, asked over REST. */
export function serviceSide(client: FhirClient): Side {
  return {
    async counts(ranges, of, signal) {
      const all: (number | undefined)[] = [];
      for (let at = 0; at < ranges.length; at += countsAtOnce)
        all.push(...(await countSome(client, ranges.slice(at, at + countsAtOnce), of, signal)));
      return all;
    },
    async *list({ type, since, till }, content, signal) {
      const listing = { type, since, till, of: content ? 'content' : 'identity' } as const;
      for await (const page of listResources(client, listing, signal))
        yield page.flatMap((resource) => listed(resource, content) ?? []);
    },
    async read(type, ids, signal) {
      const answers = await readResources(client, type, ids, signal);
      return Promise.all(answers.map((answer, index) => reading(client, type, ids[index] ?? '', answer, signal)));
    },
    versions: (range, signal) => unlessLasting(() => typeVersions(client, range, signal)),
    async text(type, id, signal) {
      const [answer] = await readResources(client, type, [id], signal);
      return answer?.resource === undefined ? undefined : exactText(answer.resource);
    },
  };
}

async function countSome(
  client: FhirClient,
  ranges: readonly ListedRange[],
  of: CountOf,
  signal: AbortSignal,
): Promise<readonly (number | undefined)[]> {
  const queries = ranges.map(({ type, since, till }) => ({
    of,
    type,
    ...(since === undefined ? {} : { since }),
    ...(till === undefined ? {} : { till }),
  }));
  const together = await unlessLasting(() => countRanges(client, queries, signal));
  const counts: (number | undefined)[] = [];
  for (const [index, query] of queries.entries())
    counts.push(together?.[index] ?? (await unlessLasting(() => count(client, query, signal))));
  return counts;
}

async function unlessLasting<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (lasting.has(toFailure(error).kind)) throw error;
    return undefined;
  }
}

/** Identity, and digest where the content was asked for; undefined when a server sent something without an id. */
export function listed(resource: ExactResource, content: boolean): ListedResource | undefined {
  const { id, meta } = resource;
  if (typeof id !== 'string') return undefined;
  const { versionId, lastUpdated } = (meta ?? {}) as { readonly versionId?: unknown; readonly lastUpdated?: unknown };
  const at = typeof lastUpdated === 'string' ? Date.parse(lastUpdated) : Number.NaN;
  return {
    id,
    versionId: typeof versionId === 'string' ? versionId : undefined,
    lastUpdated: Number.isNaN(at) ? undefined : at,
    digest: content ? contentDigest(resource) : undefined,
  };
}

async function reading(
  client: FhirClient,
  type: string,
  id: string,
  { status, resource }: ResourceAnswer,
  signal: AbortSignal,
): Promise<ResourceReading> {
  const found = resource === undefined ? undefined : listed(resource, true);
  if (found !== undefined) return { state: 'present', ...found };
  if (status === 404) return { state: 'absent' };
  if (status !== 410) return { state: 'unreadable' };
  const versions = await unlessLasting(() => heldVersions(client, type, id, signal));
  const [newest] = versions ?? [];
  return { state: 'deleted', at: newest?.deleted === true ? newest.lastUpdated : undefined };
}
