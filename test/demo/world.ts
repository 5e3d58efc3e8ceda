import type { FhirStore, RunningSandbox, SandboxOptions } from '../sandbox/contract.ts';

/** Names of the two services of the demo. */
export const demoSource = 'contoso';
export const demoTarget = 'contoso-clinical';

/** An Azure API for FHIR with HL7's published examples and generated patients, and an empty AHDS FHIR service. */
export function demoWorld(patients: number, deprecated: boolean): SandboxOptions {
  return {
    services: [
      {
        name: demoSource,
        flavour: 'azureApiForFhir',
        deprecated,
        data: [{ kind: 'hl7Examples' }, { kind: 'patients', count: patients, years: 4 }],
        exportTiming: { settleMs: 300 },
      },
      { name: demoTarget, flavour: 'ahds', importTiming: { resourcesPerSecond: 4_000 } },
    ],
  };
}

export interface Proof {
  readonly onSource: number;
  readonly onTarget: number;
  /** Resources whose current version on the source is not the current one on the target. */
  readonly missing: number;
  /** Resources on the target that the source does not have. */
  readonly extra: number;
}

/**
 * Compares both stores from the inside, resource by resource: id, version, date, deletion and content. Search
 * parameters are written, not imported, so that they keep neither version nor date: they are compared by content.
 */
export function prove(sandbox: RunningSandbox): Proof {
  const [source, target] = [sandbox.store(demoSource), sandbox.store(demoTarget)];
  return {
    onSource: living(source),
    onTarget: living(target),
    missing: differences(source, target),
    extra: unknownOn(source, target),
  };
}

function living(store: FhirStore): number {
  let count = 0;
  for (const type of store.types()) for (const version of store.currents(type)) if (!version.deleted) count++;
  return count;
}

function differences(source: FhirStore, target: FhirStore): number {
  let count = 0;
  for (const type of source.types()) {
    for (const wanted of source.currents(type)) {
      const found = target.current(type, wanted.id);
      const same =
        found?.deleted === wanted.deleted &&
        found.json === wanted.json &&
        (type === 'SearchParameter' ||
          (found.versionId === wanted.versionId && found.lastUpdated === wanted.lastUpdated));
      if (!same && !(type === 'SearchParameter' && wanted.deleted)) count++;
    }
  }
  return count;
}

function unknownOn(source: FhirStore, target: FhirStore): number {
  let count = 0;
  for (const type of target.types()) {
    for (const { id } of target.currents(type)) if (source.current(type, id) === undefined) count++;
  }
  return count;
}
