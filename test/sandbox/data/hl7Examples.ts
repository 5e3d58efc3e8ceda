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

/**
 * The resources that HL7 publishes as examples, some 5,400: each file, and each resource inside an example bundle that is
 * no file of its own, under a valid id. SearchParameters are left out, for they are the ones that every service has
 * built in, and so are Parameters, which no service stores.
 * @param now the newest is a minute older than this
 */
export function* hl7Examples(now: number): Generator<StoredVersion> {
  const seen = new Set<string>();
  const bundles: JsonObject[] = [];
  for (const resource of files()) {
    if (resource.resourceType === 'Bundle') bundles.push(resource);
    const version = versionOf(resource, resource.id, now);
    if (version === undefined || seen.has(keyOf(version))) continue;
    seen.add(keyOf(version));
    yield version;
  }
  for (const bundle of bundles) {
    const entries = Array.isArray(bundle.entry) ? (bundle.entry as unknown[]) : [];
    for (const [index, entry] of entries.entries()) {
      if (!isObject(entry) || !isObject(entry.resource)) continue;
      const { resource } = entry;
      const own = typeof resource.id === 'string' && isValidId(resource.id);
      const version = versionOf(resource, own ? resource.id : `${String(bundle.id)}-${index}`, now);
      if (version === undefined || seen.has(keyOf(version))) continue;
      seen.add(keyOf(version));
      yield version;
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

function versionOf(resource: JsonObject, givenId: unknown, now: number): StoredVersion | undefined {
  const type = resource.resourceType;
  if (typeof type !== 'string' || typeof givenId !== 'string') return undefined;
  if (!resourceTypes.has(type) || type === 'SearchParameter' || type === 'Parameters') return undefined;
  const id = givenId.replace(/[^A-Za-z0-9\-.]/g, '-').slice(-64);
  const lastUpdated = momentOf(`${type}/${id}`, now, years);
  const json = canonicalJson(resource, type, id);
  return { type, id, versionId: '1', lastUpdated, deleted: false, method: 'PUT', json };
}

function keyOf({ type, id }: StoredVersion): string {
  return `${type}/${id}`;
}
