import { parseInstantRange } from '../../fhir/instant.ts';
import { FhirError } from '../../fhir/outcome.ts';
import { canonicalJson, isObject, isValidId, type JsonObject, parseResource } from '../../fhir/resourceText.ts';
import { resourceTypes } from '../../fhir/resourceTypes.ts';
import { deletedStateUrl } from '../export/exportLine.ts';
import type { UnitLine } from './unitLines.ts';

/** A line that can be loaded. */
export interface ImportLine {
  readonly index: number;
  readonly type: string;
  readonly id: string;
  /** Milliseconds; undefined: assigned when it is loaded. */
  readonly lastUpdated: number | undefined;
  /** Undefined: assigned when it is loaded. Never without `lastUpdated`. */
  readonly version: number | undefined;
  readonly deleted: boolean;
  /** Canonical text, without version and date. */
  readonly json: string;
}

/** A line that is not loaded, with the text of its error. */
export interface RefusedLine {
  readonly index: number;
  readonly error: string;
}

export interface LineRules {
  readonly mode: 'InitialLoad' | 'IncrementalLoad';
  /** Type of the input; undefined: a file may mix types. */
  readonly type: string | undefined;
  /** Milliseconds of the service's clock. */
  readonly now: number;
}

/** Clocks in a domain may differ by this much (fhir-server, FirelyImportResourceParser). */
const futureMs = 10_000;
const idRequirements =
  "Id must be any combination of upper or lower case ASCII letters ('A'..'Z', and 'a'..'z'), numerals ('0'..'9'), '-' and '.', with a length limit of 64 characters. (This might be an integer, an un-prefixed OID, UUID, or any other identifier pattern that meets these constraints.)";
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Reads one line in the order in which the services check it. */
export function parseImportLine({ text, index }: UnitLine, rules: LineRules): ImportLine | RefusedLine {
  try {
    return { index, ...parseLine(text, rules) };
  } catch (error) {
    if (error instanceof LineError || error instanceof FhirError) return { index, error: error.message };
    throw error;
  }
}

class LineError extends Error {}

function parseLine(text: string, rules: LineRules): Omit<ImportLine, 'index'> {
  const resource = parseResource(text);
  const { type, id } = resource;
  if (!resourceTypes.has(type)) {
    throw new LineError(`Error occurred when parsing model: 'Cannot locate type information for type '${type}''.`);
  }
  if (id === undefined || !isValidId(id)) {
    throw new LineError(`Invalid resource id: '${id ?? 'null or empty'}'. ${idRequirements}`);
  }
  const incremental = rules.mode === 'IncrementalLoad';
  if (!incremental && hasConditionalReference(resource.content)) {
    throw new LineError('Conditional reference is not supported for $import in InitialLoad.');
  }
  const lastUpdated = incremental ? milliseconds(resource.lastUpdated) : undefined;
  if (lastUpdated !== undefined && lastUpdated > rules.now + futureMs) {
    throw new LineError('LastUpdated in the resource cannot be in the future.');
  }
  if (rules.type !== undefined && rules.type !== type) throw new LineError('Resource type not match.');
  if (type === 'SearchParameter') throw new LineError('SearchParameter resources cannot be processed by import.');
  const version = lastUpdated === undefined ? undefined : integer(resource.versionId);
  const { content, deleted } = withoutDeletedState(resource.content);
  return { type, id, lastUpdated, version, deleted, json: canonicalJson(content, type, id) };
}

/** Cut, not rounded, to milliseconds. */
function milliseconds(lastUpdated: string | undefined): number | undefined {
  if (lastUpdated === undefined) return undefined;
  const range = instant.test(lastUpdated) ? parseInstantRange(lastUpdated) : undefined;
  if (range === undefined) {
    throw new LineError(
      `Error occurred when parsing model: 'Literal '${lastUpdated}' cannot be parsed as an instant. (at meta.lastUpdated)'.`,
    );
  }
  return range.start;
}

/** A version that is no integer of 32 bits, an ETag for example, is as good as none. */
function integer(versionId: string | undefined): number | undefined {
  if (versionId === undefined || !/^[+-]?\d{1,10}$/.test(versionId)) return undefined;
  const version = Number(versionId);
  return version === (version | 0) ? version : undefined;
}

function withoutDeletedState(content: JsonObject): { readonly content: JsonObject; readonly deleted: boolean } {
  const { meta } = content;
  if (!isObject(meta) || !Array.isArray(meta.extension)) return { content, deleted: false };
  const extensions: readonly unknown[] = meta.extension;
  const kept = extensions.filter((extension) => !isObject(extension) || extension.url !== deletedStateUrl);
  if (kept.length === extensions.length) return { content, deleted: false };
  const rest = Object.entries(meta).filter(([name]) => name !== 'extension' || kept.length > 0);
  const cleaned = Object.fromEntries(rest.map(([name, value]) => [name, name === 'extension' ? kept : value]));
  return { content: { ...content, meta: cleaned }, deleted: true };
}

function hasConditionalReference(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasConditionalReference);
  if (!isObject(value)) return false;
  if (typeof value.reference === 'string' && value.reference.includes('?')) return true;
  return Object.values(value).some(hasConditionalReference);
}
