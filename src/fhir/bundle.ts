import * as v from 'valibot';

/** A server never sends more than 1,000 entries on a page, plus included ones. */
const maxEntries = 20_000;

export const entrySchema = v.object({
  fullUrl: v.optional(v.string()),
  resource: v.optional(v.record(v.string(), v.unknown())),
  search: v.optional(v.object({ mode: v.optional(v.string()) })),
  request: v.optional(v.object({ method: v.optional(v.string()) })),
  response: v.optional(
    v.object({
      status: v.optional(v.string()),
      etag: v.optional(v.string()),
      location: v.optional(v.string()),
      lastModified: v.optional(v.string()),
      outcome: v.optional(v.unknown()),
    }),
  ),
});

export const bundleSchema = v.object({
  resourceType: v.literal('Bundle'),
  total: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  link: v.optional(v.array(v.object({ relation: v.string(), url: v.string() })), []),
  entry: v.optional(v.pipe(v.array(entrySchema), v.maxLength(maxEntries)), []),
});

export type Bundle = v.InferOutput<typeof bundleSchema>;
export type BundleEntry = v.InferOutput<typeof entrySchema>;

/** Address of a link of a bundle. */
export function linkOf(bundle: Bundle, relation: string): string | undefined {
  return bundle.link.find((link) => link.relation === relation)?.url;
}

const metaSchema = v.object({
  meta: v.optional(v.object({ versionId: v.optional(v.string()), lastUpdated: v.optional(v.string()) }), {}),
});

/** Version and date of an entry: of its resource, or of its response where the resource is a bare tombstone. */
export function versionOf(entry: BundleEntry): { versionId: string | undefined; lastUpdated: number | undefined } {
  const read = v.safeParse(metaSchema, entry.resource ?? {});
  const meta = read.success ? read.output.meta : {};
  const at = Date.parse(meta.lastUpdated ?? entry.response?.lastModified ?? '');
  return {
    versionId: meta.versionId ?? /^(?:W\/)?"([^"]+)"$/.exec(entry.response?.etag ?? '')?.[1],
    lastUpdated: Number.isNaN(at) ? undefined : at,
  };
}
