import { formatInstant } from '../instant.ts';
import type { Issue } from '../outcome.ts';

export type Pairs = readonly (readonly [string, string])[];

export interface BundleParts {
  readonly type: 'searchset' | 'history';
  readonly id: string;
  readonly now: number;
  readonly total: number | undefined;
  readonly self: string;
  readonly next: string | undefined;
  readonly issues: readonly Issue[];
  /** Texts of entries. */
  readonly entries: readonly string[];
}

/** The text of a bundle; entries are put in as they are, so that a page of a thousand needs no parsing. */
export function bundleText(parts: BundleParts): string {
  const links = [{ relation: 'self', url: parts.self }];
  if (parts.next !== undefined) links.unshift({ relation: 'next', url: parts.next });
  const head = JSON.stringify({
    resourceType: 'Bundle',
    id: parts.id,
    meta: { lastUpdated: formatInstant(parts.now) },
    type: parts.type,
    ...(parts.total === undefined ? {} : { total: parts.total }),
    link: links,
  });
  const entries = [...outcomeEntry(parts), ...parts.entries];
  return entries.length === 0 ? head : `${head.slice(0, -1)},"entry":[${entries.join(',')}]}`;
}

function outcomeEntry({ id, issues }: BundleParts): readonly string[] {
  if (issues.length === 0) return [];
  const resource = { resourceType: 'OperationOutcome', id, issue: issues };
  return [JSON.stringify({ resource, search: { mode: 'outcome' } })];
}

/** An address with its query, written as the services write links: separators inside values stay readable. */
export function linkTo(address: string, pairs: Pairs): string {
  if (pairs.length === 0) return address;
  const query = pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  return `${address}?${query}`;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|3A|2F|7C|24)/g, (escape) => decodeURIComponent(escape));
}
