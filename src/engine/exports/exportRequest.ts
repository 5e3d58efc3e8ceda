import type { WindowBounds } from '../events.ts';
import type { Plan } from '../plan.ts';
import type { ExportManifest, ExportRequest, Instant } from '../ports.ts';
import { isParallel } from '../windows/semantics.ts';
import { isSameRequest } from './sameRequest.ts';

/** The request of a window's export. */
export function exportRequest(
  plan: Plan,
  bounds: WindowBounds & { readonly type?: string | undefined },
  maxCount: number | undefined,
): ExportRequest {
  const { scope } = plan;
  const types = bounds.type === undefined ? scope.resourceTypes : [bounds.type];
  const filters = scope.typeFilters?.filter((filter) => types?.some((type) => filter.startsWith(`${type}?`)) === true);
  return {
    ...(bounds.since === undefined ? {} : { since: bounds.since }),
    till: bounds.till,
    ...(types === undefined ? {} : { types }),
    container: plan.staging.container,
    history: scope.history,
    softDeleted: scope.softDeleted,
    parallel: isParallel(plan),
    ...(maxCount === undefined ? {} : { maxCount }),
    ...(filters === undefined || filters.length === 0 ? {} : { typeFilters: filters }),
    ...(scope.deidentified === undefined ? {} : { deidentified: scope.deidentified }),
  };
}

/** The manifest of a job says that it is the export that was asked for. */
export function isOurs(
  plan: Plan,
  operation: {
    readonly since: Instant | undefined;
    readonly till: Instant;
    readonly maxCount: number | undefined;
    readonly type?: string | undefined;
  },
  manifest: ExportManifest,
): boolean {
  return isSameRequest(manifest.request, exportRequest(plan, operation, operation.maxCount));
}
