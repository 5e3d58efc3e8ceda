import type { StoredVersion } from '../contract.ts';
import { formatInstant } from './instant.ts';
import { badRequest } from './outcome.ts';

export type JsonObject = Record<string, unknown>;

/** A resource taken apart: what is stored, and what stood in its meta. */
export interface ParsedResource {
  readonly type: string;
  /** Undefined when absent. */
  readonly id: string | undefined;
  readonly versionId: string | undefined;
  readonly lastUpdated: string | undefined;
  readonly content: JsonObject;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Numbers whose text would not survive JSON.parse and JSON.stringify: a last zero after the point, an exponent, many digits.
const fragileNumber = /[:[,]\s*-?(?:\d+\.\d*0|\d+(?:\.\d+)?[eE]|[\d.]{16,})/;

interface RawJson {
  rawJSON(text: string): object;
}

/** A number that `JSON.stringify` writes as it is spelled here, for example `98.60`. */
export function exactNumber(text: string): object {
  return (JSON as unknown as RawJson).rawJSON(text);
}

/** JSON.parse that keeps the text of numbers which a double would change; these become opaque objects. */
export function parseExactly(text: string): unknown {
  if (!fragileNumber.test(text)) return JSON.parse(text) as unknown;
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
      ? exactNumber(context.source)
      : value,
  ) as unknown;
}

/**
 * Parses the text of a resource.
 * @throws FhirError 400 when it is not JSON, not an object or without a resource type
 */
export function parseResource(text: string): ParsedResource {
  let value: unknown;
  try {
    value = parseExactly(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    throw badRequest(
      `Error occurred when parsing model: '${error instanceof Error ? error.message : 'invalid JSON'}'.`,
    );
  }
  if (!isObject(value) || typeof value.resourceType !== 'string') {
    throw badRequest(
      "Error occurred when parsing model: 'Root object of the resource has no property 'resourceType'.'.",
    );
  }
  return takeApart(value, value.resourceType);
}

/** Takes an already parsed resource apart. */
export function takeApart(value: JsonObject, type: string): ParsedResource {
  const meta = isObject(value.meta) ? value.meta : {};
  return {
    type,
    id: textOf(value.id),
    versionId: textOf(meta.versionId),
    lastUpdated: textOf(meta.lastUpdated),
    content: value,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * The stored text: resourceType, id and meta first, meta without versionId and lastUpdated, so that `render` can put
 * these back without parsing.
 */
export function canonicalJson(content: JsonObject, type: string, id: string): string {
  const meta = isObject(content.meta) ? without(content.meta, 'versionId', 'lastUpdated') : {};
  const head = { resourceType: type, id, ...(Object.keys(meta).length > 0 ? { meta } : {}) };
  const rest = without(content, 'resourceType', 'id', 'meta');
  const [first = ''] = Object.keys(rest);
  if (!/^\d+$/.test(first)) return JSON.stringify({ ...head, ...rest });
  // Names like numbers would move to the front of the object.
  return `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(rest).slice(1)}`;
}

function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** The stored text of a deleted version. */
export function tombstoneJson(type: string, id: string): string {
  return JSON.stringify({ resourceType: type, id });
}

/** The resource's text as the service sends it, with versionId and lastUpdated in its meta. */
export function render(version: StoredVersion): string {
  const headLength = version.type.length + version.id.length + '{"resourceType":"","id":""'.length;
  const { json } = version;
  const own = `"versionId":"${version.versionId}","lastUpdated":"${formatInstant(version.lastUpdated)}"`;
  const head = json.slice(0, headLength);
  if (json.startsWith(',"meta":{', headLength)) {
    return `${head},"meta":{${own},${json.slice(headLength + ',"meta":{'.length)}`;
  }
  return `${head},"meta":{${own}}${json.slice(headLength)}`;
}

/** Parses a stored version for looking into it; versionId and lastUpdated are in its meta. */
export function parsed(version: StoredVersion): JsonObject {
  return JSON.parse(render(version)) as JsonObject;
}

/** Letters, digits, `-` and `.`, at most 64. */
export function isValidId(id: string): boolean {
  return /^[A-Za-z0-9\-.]{1,64}$/.test(id);
}
