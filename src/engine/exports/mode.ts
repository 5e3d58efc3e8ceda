import type { MigrationState } from '../state/state.ts';
import { isParallel } from '../windows/semantics.ts';

/** How a source is asked to export, and why so. */
export interface ExportMode {
  /** `parallel`: its workers share an export; `sequential`: page by page; `perType`: one export for each type. */
  readonly mode: 'parallel' | 'sequential' | 'perType';
  readonly reason: string;
}

/** The mode of a migration's exports: what the plan says, else what the source does best. */
export function exportMode({ plan, source }: Pick<MigrationState, 'plan' | 'source'>): ExportMode {
  const { perType, parallelExport } = plan.options;
  if (perType && source !== undefined && !source.counts)
    return {
      mode: isParallel(plan) ? 'parallel' : 'sequential',
      reason:
        'The plan asks for one export per type, but the source cannot be counted: empty types could not be left out.',
    };
  if (perType) return { mode: 'perType', reason: 'The plan asks for it: an export that fails costs one type only.' };
  if (plan.scope.typeFilters !== undefined)
    return { mode: 'sequential', reason: 'The plan filters resources, and a source exports those page by page.' };
  if (parallelExport !== undefined)
    return { mode: parallelExport ? 'parallel' : 'sequential', reason: 'The plan asks for it.' };
  return { mode: 'parallel', reason: reasons[plan.source.kind] };
}

const reasons: Readonly<Record<MigrationState['plan']['source']['kind'], string>> = {
  ahds: 'An Azure Health Data Services source exports ranges of ids at the same time, as they were at the end of the window.',
  azureApiForFhir: 'Azure API for FHIR exports its partitions at the same time when it is asked to.',
  fhirServer: 'A Microsoft FHIR server exports in parallel when it is asked to.',
};
