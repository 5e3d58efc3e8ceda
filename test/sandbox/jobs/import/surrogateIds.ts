import type { FhirStore } from '../../contract.ts';
import { JobFailure } from '../job.ts';
import type { ImportLine } from './importLine.ts';

/** Internal ids per type and millisecond (fhir-server, the sequence behind surrogate ids). */
const idsPerMillisecond = 80_000;
/** Fewer equal dates than this in one batch are not counted: the limit cannot be reached by them. */
const dense = 100;

/** Counts resources of equal date, of which the servers can hold only so many. */
export class SurrogateIds {
  readonly #taken = new Map<string, number>();

  /** @throws JobFailure 400 when a batch needs more ids for one millisecond than there are */
  take(store: FhirStore, batch: readonly ImportLine[]): void {
    for (const [key, lines] of Map.groupBy(batch, (line) => `${line.type} ${line.lastUpdated ?? ''}`)) {
      if (lines.length < dense || lines[0]?.lastUpdated === undefined) continue;
      const fresh = lines.filter((line) => !isStored(store, line));
      const taken = (this.#taken.get(key) ?? 0) + fresh.length;
      if (taken > idsPerMillisecond) {
        throw new JobFailure(
          400,
          'Unable to generate internal IDs. If the lastUpdated meta element is provided as input, reduce the number of resources with the same up to millisecond lastUpdated below 10,000.',
        );
      }
      this.#taken.set(key, taken);
    }
  }
}

function isStored(store: FhirStore, line: ImportLine): boolean {
  return store.versions(line.type, line.id).some((version) => version.lastUpdated === line.lastUpdated);
}
