import type { ExportRequest, Instant } from '../ports.ts';

/**
 * True when a manifest's `request`, the full original address of an export, asks for what this request asks. Used
 * before an export that was found by its folder is taken for ours.
 */
export function isSameRequest(address: string, request: ExportRequest): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (!url.pathname.endsWith('/$export')) return false;
  const query = url.searchParams;
  const associated = listOf(query.get('includeAssociatedData'));
  return (
    instantOf(query.get('_since')) === request.since &&
    instantOf(query.get('_till')) === request.till &&
    query.get('_container') === request.container &&
    sameSet(listOf(query.get('_type')), request.types ?? []) &&
    (query.get('_typeFilter') ?? '') === (request.typeFilters?.join(',') ?? '') &&
    (query.get('_anonymizationConfig') ?? '') === (request.deidentified?.config ?? '') &&
    associated.includes('_history') === request.history &&
    associated.includes('_deleted') === request.softDeleted
  );
}

function instantOf(text: string | null): Instant | undefined {
  return text === null ? undefined : Date.parse(text);
}

function listOf(text: string | null): readonly string[] {
  return text === null || text === '' ? [] : text.split(',').map((entry) => entry.trim());
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === new Set(a).size;
}
