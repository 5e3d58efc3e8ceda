import { setImmediate } from 'node:timers/promises';
import type { DataSource, FhirStore, StoredVersion } from '../contract.ts';
import type { FhirService } from '../fhir/service.ts';
import { customDefinitions } from './customDefinitions.ts';
import { hl7Examples } from './hl7Examples.ts';
import { ndjsonFile } from './ndjson.ts';
import { oddities } from './oddities.ts';
import { generatePatients } from './patients/generate.ts';
import { smallObservations } from './small.ts';

/** Loads what a service's specification names, and registers the search parameters among it. */
export async function loadService(service: FhirService, now: number): Promise<void> {
  for (const source of service.spec().data ?? []) await loadSource(service.store, source, now);
  service.adoptStoredParameters();
}

/** Versions put between two turns of the event loop, so that servers in the same process stay responsive. */
const turn = 20_000;

/**
 * Puts the versions of one source into a store.
 * @param now the time of the sandbox; what is loaded lies before it
 * @returns how many versions were put
 */
export async function loadSource(store: FhirStore, source: DataSource, now: number): Promise<number> {
  let count = 0;
  const versions = versionsOf(source, now);
  if (Symbol.asyncIterator in versions) {
    for await (const version of versions) {
      store.put(version);
      count += 1;
    }
    return count;
  }
  for (const version of versions) {
    store.put(version);
    count += 1;
    if (count % turn === 0) await setImmediate();
  }
  return count;
}

function versionsOf(source: DataSource, now: number): Iterable<StoredVersion> | AsyncIterable<StoredVersion> {
  switch (source.kind) {
    case 'hl7Examples':
      return hl7Examples(now);
    case 'patients':
      return generatePatients(source, now);
    case 'ndjson':
      return ndjsonFiles(source.files, now);
    case 'customDefinitions':
      return customDefinitions(now);
    case 'small':
      return smallObservations(source.count, source.years ?? 3, now);
    case 'oddities':
      return oddities(now);
  }
}

async function* ndjsonFiles(files: readonly string[], now: number): AsyncGenerator<StoredVersion> {
  for (const file of files) yield* ndjsonFile(file, now);
}
