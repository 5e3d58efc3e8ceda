import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { StoredVersion } from '../contract.ts';
import { examplesFolder } from '../fhir/parameters/definitions.ts';
import { canonicalJson, isObject, isValidId, parseExactly, type JsonObject } from '../fhir/resourceText.ts';
import { resourceTypes } from '../fhir/resourceTypes.ts';
import { momentOf } from './moment.ts';

/** Larger files are collections that no service holds as one resource: documents of gen1 stay under 2 MB. */
const largestFile = 2_000_000;

/** Years over which the examples were "written". */
const years = 5;

interface Example {
  readonly type: string;
  readonly id: string;
  readonly json: string;
}

/** Read once; services share the texts. */
let cache: readonly Example[] | undefined;

/**
 * The resources that HL7 publishes as examples, some 5,400: each file, and each resource inside an example bundle that is
 * no file of its own, under a valid id. SearchParameters are left out, for they are the ones that every service has
 * built in, and so are Parameters, which no service stores.
 * @param now the newest is a minute older than this
 */
export function* hl7Examples(now: number): Generator<StoredVersion> {
  cache ??= [...readExamples()];
  for (const { type, id, json } of cache) {
    const lastUpdated = momentOf(`${type}/${id}`, now, years);
    yield { type, id, versionId: '1', lastUpdated, deleted: false, method: 'PUT', json };
  }
}

function* readExamples(): Generator<Example> {
  const seen = new Set<string>();
  const bundles: JsonObject[] = [];
  for (const resource of files()) {
    if (resource.resourceType === 'Bundle') bundles.push(resource);
    yield* exampleOf(resource, resource.id, seen);
  }
  for (const bundle of bundles) {
    const entries = Array.isArray(bundle.entry) ? (bundle.entry as unknown[]) : [];
    for (const [index, entry] of entries.entries()) {
      if (!isObject(entry) || !isObject(entry.resource)) continue;
      const { resource } = entry;
      const own = typeof resource.id === 'string' && isValidId(resource.id);
      yield* exampleOf(resource, own ? resource.id : `${String(bundle.id)}-${index}`, seen);
    }
  }
}

function* files(): Generator<JsonObject> {
  const folder = examplesFolder();
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.json') || name.startsWith('SearchParameter-') || name === 'package.json') continue;
    const file = path.join(folder, name);
    if (statSync(file).size > largestFile) continue;
    const resource = parseExactly(readFileSync(file, 'utf8'));
    if (isObject(resource)) yield resource;
  }
}

/** The example, unless it is none or was seen before. */
function* exampleOf(resource: JsonObject, givenId: unknown, seen: Set<string>): Generator<Example> {
  const type = resource.resourceType;
  if (typeof type !== 'string' || typeof givenId !== 'string') return;
  if (!resourceTypes.has(type) || type === 'SearchParameter' || type === 'Parameters') return;
  const id = givenId.replace(/[^A-Za-z0-9\-.]/g, '-').slice(-64);
  if (seen.has(`${type}/${id}`)) return;
  seen.add(`${type}/${id}`);
  yield { type, id, json: canonicalJson(resource, type, id) };
}
