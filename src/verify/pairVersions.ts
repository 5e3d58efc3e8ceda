import type { Difference } from './differences.ts';

/** A version of a resource, whatever it holds. */
export interface Version {
  readonly id: string;
  readonly versionId: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly lastUpdated: number;
}

/**
 * Resources of a type of which one side holds a version that the other does not. Versions are paired by their date: an
 * import keeps it, and numbers some versions anew.
 */
export function pairVersions(
  type: string,
  source: readonly Version[],
  target: readonly Version[],
): readonly Difference[] {
  const unpaired = new Map(target.map((version) => [keyOf(version), version]));
  const found = new Map<string, Difference>();
  const tell = ({ id }: Version, versions: Partial<Pick<Difference, 'sourceVersion' | 'targetVersion'>>): void => {
    const known = found.get(id) ?? {
      type,
      id,
      class: 'differs',
      reason: 'history',
      sourceVersion: undefined,
      targetVersion: undefined,
    };
    found.set(id, { ...known, ...versions });
  };
  for (const version of source)
    if (!unpaired.delete(keyOf(version))) tell(version, { sourceVersion: version.versionId });
  for (const version of unpaired.values()) tell(version, { targetVersion: version.versionId });
  return [...found.values()];
}

const keyOf = ({ id, lastUpdated }: Version): string => `${id} ${lastUpdated}`;
