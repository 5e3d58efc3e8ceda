import type { FhirStore } from '../../contract.ts';
import { JobFailure } from '../job.ts';
import type { ImportLine } from './importLine.ts';

/** Internal ids per type and millisecond (fhir-server, the sequence behind surrogate ids). */
const idsPerMillisecond = 80_000;
/** Counting of a date begins with this many in one batch, so that not every date of a large import is remembered. */
const dense = 100;

/** Counts resources of equal date, of which the servers can hold only so many. */
export class SurrogateIds {
  readonly #taken = new Map<string, number>();

  /** @throws JobFailure 400 when a batch needs more ids for one millisecond than there are */
  take(store: FhirStore, batch: readonly ImportLine[]): void {
    for (const [key, lines] of Map.groupBy(batch, (line) => `${line.type} ${line.lastUpdated ?? ''}`)) {
      const before = this.#taken.get(key);
      if (lines[0]?.lastUpdated === undefined || (before === undefined && lines.length < dense)) continue;
      const taken = (before ?? 0) + lines.filter((line) => !isStored(store, line)).length;
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
