import { hash } from 'node:crypto';

/** Set by every server itself, and compared on their own. */
const setByServer: ReadonlySet<string> = new Set(['versionId', 'lastUpdated']);

/**
 * A text that is equal for two resources exactly when their content is equal: the order of keys does not count, that of
 * arrays does, and `meta.versionId` and `meta.lastUpdated` are left out. Numbers must have been kept as text
 * (`quoteNumbers`), else `1.0` and `1.00` are the same.
 */
export function canonicalText(resource: Readonly<Record<string, unknown>>): string {
  const { meta, ...rest } = resource;
  const kept = isObject(meta)
    ? Object.fromEntries(Object.entries(meta).filter(([name]) => !setByServer.has(name)))
    : meta;
  const empty = kept === undefined || (isObject(kept) && Object.keys(kept).length === 0);
  return textOf(empty ? rest : { ...rest, meta: kept });
}

/**
 * Digest of a resource's content, 32 digits of base 16; equal digests mean equal content: half of SHA-256 is enough to tell
 * apart what nobody forges.
 */
export function contentDigest(resource: Readonly<Record<string, unknown>>): string {
  return hash('sha256', canonicalText(resource), 'hex').slice(0, 32);
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${textOf(value[name])}`);
  return `{${members.join(',')}}`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
