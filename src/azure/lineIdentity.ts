import * as v from 'valibot';

/** Which version of which resource a line of a file holds. */
export interface LineIdentity {
  readonly type: string;
  readonly id: string;
  readonly versionId: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly lastUpdated: number | undefined;
  /** The line is a tombstone. */
  readonly deleted: boolean;
}

/** Marks a deleted version in exported files (fhir-server: KnownFhirPaths). */
export const deletedState = 'http://azurehealthcareapis.com/data-extensions/deleted-state';

const schema = v.object({
  resourceType: v.pipe(v.string(), v.maxLength(64)),
  id: v.pipe(v.string(), v.maxLength(256)),
  meta: v.optional(
    v.object({
      versionId: v.optional(v.string()),
      lastUpdated: v.optional(v.string()),
      extension: v.optional(v.array(v.object({ url: v.optional(v.string()) }))),
    }),
    {},
  ),
});

/** Reads the identity of a line; undefined when it is no resource. */
export function lineIdentity(text: string): LineIdentity | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = v.safeParse(schema, json);
  if (!read.success) return undefined;
  const { resourceType, id, meta } = read.output;
  const at = Date.parse(meta.lastUpdated ?? '');
  return {
    type: resourceType,
    id,
    versionId: meta.versionId,
    lastUpdated: Number.isNaN(at) ? undefined : at,
    deleted: meta.extension?.some(({ url }) => url === deletedState) ?? false,
  };
}
