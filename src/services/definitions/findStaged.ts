import type { Staging } from '../../azure/staging.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { Plan, PlanInput } from '../../engine/plan.ts';
import type { StagedSource } from './stagedDefinitions.ts';

/** Finds exported files of a source. @param given where the user says that they are; undefined: those of a migration */
export type FindStaged = (
  source: { readonly endpoint: string },
  given: PlanInput['staging'] | undefined,
  signal: AbortSignal,
) => Promise<StagedSource | undefined>;

export interface StagedSurroundings {
  readonly stagingOf: (staging: Plan['staging']) => Staging;
  readonly overviews: () => Promise<readonly MigrationOverview[]>;
}

const addressOf = ({ endpoint }: { readonly endpoint: string }): string => endpoint.replace(/\/+$/, '').toLowerCase();

/** Only an export of everything holds every definition. */
const isWhole = ({ plan: { scope }, staging: { folders } }: MigrationOverview): boolean =>
  scope.resourceTypes === undefined && scope.since === undefined && folders.length > 0;

/** Looks where the user says, and otherwise at the newest migration of that source which moved everything. */
export function findStagedIn({ stagingOf, overviews }: StagedSurroundings): FindStaged {
  return async (source, given, signal) => {
    if (given !== undefined) {
      const staging = stagingOf({ ...given, container: given.container ?? 'migration' });
      const folders = (await staging.exportFolders(0, signal)).map(({ folder }) => folder);
      return { staging, folders: [...folders].sort() };
    }
    const [newest] = (await overviews())
      .filter((overview) => addressOf(overview.plan.source) === addressOf(source) && isWhole(overview))
      .sort((a, b) => b.createdAt - a.createdAt);
    if (newest === undefined) return undefined;
    return { staging: stagingOf(newest.plan.staging), folders: [...newest.staging.folders].sort() };
  };
}
