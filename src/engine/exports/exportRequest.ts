import type { WindowBounds } from '../events.ts';
import type { Plan } from '../plan.ts';
import type { ExportManifest, ExportRequest, Instant } from '../ports.ts';
import { isParallel } from '../windows/semantics.ts';
import { isSameRequest } from './sameRequest.ts';

/** The request of a window's export. */
export function exportRequest(plan: Plan, bounds: WindowBounds, maxCount: number | undefined): ExportRequest {
  const { scope } = plan;
  return {
    ...(bounds.since === undefined ? {} : { since: bounds.since }),
    till: bounds.till,
    ...(scope.resourceTypes === undefined ? {} : { types: scope.resourceTypes }),
    container: plan.staging.container,
    history: scope.history,
    softDeleted: scope.softDeleted,
    parallel: isParallel(plan),
    ...(maxCount === undefined ? {} : { maxCount }),
  };
}

/** The manifest of a job says that it is the export that was asked for. */
export function isOurs(
  plan: Plan,
  operation: { readonly since: Instant | undefined; readonly till: Instant; readonly maxCount: number | undefined },
  manifest: ExportManifest,
): boolean {
  return isSameRequest(manifest.request, exportRequest(plan, operation, operation.maxCount));
}
