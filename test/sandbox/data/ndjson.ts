import { createReadStream } from 'node:fs';
import type { StoredVersion } from '../contract.ts';
import { parseInstantRange } from '../fhir/instant.ts';
import {
  canonicalJson,
  isObject,
  isValidId,
  parseResource,
  tombstoneJson,
  type JsonObject,
  type ParsedResource,
} from '../fhir/resourceText.ts';
import { momentOf } from './moment.ts';

const deletedState = 'http://azurehealthcareapis.com/data-extensions/deleted-state';

/**
 * Resources of an NDJSON file, one a line, blank lines skipped. Versions, dates and tombstones are kept as an export
 * wrote them; a line without a date gets one in the year before `now`.
 * @throws Error with file and line number for a line that is not a resource with a valid id
 */
export async function* ndjsonFile(file: string, now: number): AsyncGenerator<StoredVersion> {
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    if (line.trim() === '') continue;
    yield versionOf(line, `${file}:${number}`, now);
  }
}

/** Lines end with a line feed only: a separator of paragraphs inside a text ends none, unlike with node:readline. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

function versionOf(line: string, place: string, now: number): StoredVersion {
  let resource: ParsedResource;
  try {
    resource = parseResource(line);
  } catch (error) {
    throw new Error(`${place} is not a resource.`, { cause: error });
  }
  const { type, id } = resource;
  if (id === undefined || !isValidId(id)) throw new Error(`${place} has no valid id.`);
  const content = withoutDeletedState(resource.content);
  const deleted = content !== resource.content;
  const versionId = /^-?\d+$/.test(resource.versionId ?? '') ? (resource.versionId ?? '1') : '1';
  const given = resource.lastUpdated === undefined ? undefined : parseInstantRange(resource.lastUpdated);
  const lastUpdated = given?.start ?? momentOf(`${type}/${id}/${versionId}`, now, 1);
  const json = deleted ? tombstoneJson(type, id) : canonicalJson(content, type, id);
  return { type, id, versionId, lastUpdated, deleted, method: deleted ? 'DELETE' : 'PUT', json };
}

/** The same object when the resource is not marked as deleted. */
function withoutDeletedState(content: JsonObject): JsonObject {
  if (!isObject(content.meta) || !Array.isArray(content.meta.extension)) return content;
  const extension = (content.meta.extension as unknown[]).filter((one) => !isObject(one) || one.url !== deletedState);
  return extension.length === content.meta.extension.length
    ? content
    : { ...content, meta: { ...content.meta, extension } };
}
