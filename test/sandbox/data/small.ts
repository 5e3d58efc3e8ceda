import type { StoredVersion } from '../contract.ts';
import { yearMs } from './moment.ts';

/** Observations of about 330 bytes, each with one version, evenly spread over the years before `now`. */
export function* smallObservations(count: number, years: number, now: number): Generator<StoredVersion> {
  const step = (years * yearMs) / count;
  for (let number = 0; number < count; number += 1) {
    const id = `small-${number.toString(36).padStart(8, '0')}`;
    const lastUpdated = Math.floor(now - 60_000 - (count - number) * step);
    const day = new Date(lastUpdated).toISOString().slice(0, 10);
    const json = `{"resourceType":"Observation","id":"${id}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}]},"subject":{"reference":"Patient/p${number % 997}"},"effectiveDateTime":"${day}","valueQuantity":{"value":${55 + (number % 60)},"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}}`;
    yield { type: 'Observation', id, versionId: '1', lastUpdated, deleted: false, method: 'PUT', json };
  }
}
