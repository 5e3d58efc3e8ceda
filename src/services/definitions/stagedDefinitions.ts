import { lineIdentity } from '../../azure/lineIdentity.ts';
import type { NdjsonLine } from '../../azure/ndjsonLines.ts';
import type { StagedFile, Staging } from '../../azure/staging.ts';
import { FailureError } from '../../failure/failure.ts';
import type { DefinitionResource } from '../../fhir/definitions.ts';
import type { DefinitionsAndUse } from '../../fhir/definitionsAndUse.ts';
import { ProfileTally } from '../../fhir/profileUse.ts';
import { stagedFilesByType } from './stagedFiles.ts';

/** Exported files that stand for a source which answers nothing but exports. */
export interface StagedSource {
  readonly staging: Staging;
  /** Export folders of the staging container, the oldest first. */
  readonly folders: readonly string[];
}

/** Of each type, newest files and their first lines whose profiles are looked at. */
const sampledFiles = 10;
const sampledLines = 50;

interface Held {
  readonly at: number;
  /** Undefined: deleted. */
  readonly resource: DefinitionResource | undefined;
}

/**
 * Definitions in exported files, each in its newest version and without deleted ones, and the profiles that a sample of
 * the other lines names: the first lines of the newest files of each type.
 * @throws FailureError `notFound` when the folders hold no file
 */
export async function stagedDefinitions(
  { staging, folders }: StagedSource,
  types: readonly string[],
  withUse: boolean,
  signal: AbortSignal,
): Promise<DefinitionsAndUse> {
  const files = await stagedFilesByType(staging, folders, signal);
  if (files.size === 0)
    throw new FailureError({
      kind: 'notFound',
      message: 'The exported files of this source are no longer in the staging account.',
      nextStep: 'Export the source again, or name a staging account that holds its files.',
    });
  const held = new Map<string, Held>();
  for (const type of types)
    for (const file of files.get(type) ?? [])
      for await (const line of staging.lines(file.path, signal)) keepNewest(held, line);
  const definitions = [...held.values()].flatMap(({ resource }) => resource ?? []);
  return { definitions, ...(withUse ? await sampledUse(staging, files, signal) : { use: undefined }) };
}

function keepNewest(held: Map<string, Held>, line: NdjsonLine): void {
  const identity = line.tooLong ? undefined : lineIdentity(line.text);
  if (line.tooLong || identity === undefined) return;
  const key = `${identity.type}/${identity.id}`;
  const at = identity.lastUpdated ?? 0;
  if ((held.get(key)?.at ?? -1) > at) return;
  const resource = { ...(JSON.parse(line.text) as Readonly<Record<string, unknown>>), resourceType: identity.type };
  held.set(key, { at, resource: identity.deleted ? undefined : resource });
}

async function sampledUse(
  staging: Staging,
  files: ReadonlyMap<string, readonly StagedFile[]>,
  signal: AbortSignal,
): Promise<Pick<DefinitionsAndUse, 'use' | 'partly'>> {
  const tally = new ProfileTally();
  const partly = new Set<string>();
  for (const [type, ofType] of files) {
    if (ofType.length > sampledFiles) partly.add(type);
    for (const file of ofType.slice(-sampledFiles)) {
      let lines = 0;
      for await (const line of staging.lines(file.path, signal)) {
        if (lines === sampledLines) {
          partly.add(type);
          break;
        }
        if (!line.tooLong && lineIdentity(line.text) !== undefined) tally.add(JSON.parse(line.text));
        lines += 1;
      }
    }
  }
  return { use: tally.uses(), partly: [...partly].map((type) => ({ type, naming: undefined, seen: undefined })) };
}
