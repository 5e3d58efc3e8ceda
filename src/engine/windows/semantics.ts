import type { Plan } from '../plan.ts';
import type { CountOf, Instant } from '../ports.ts';

/**
 * Azure API for FHIR takes parallel exports too; only there they must be asked for (export contract, `_isParallel`). A
 * filter turns the parallel path off everywhere (CreateExportRequestHandler).
 */
export function isParallel(plan: Plan): boolean {
  return plan.scope.typeFilters === undefined && (plan.options.parallelExport ?? true);
}

/**
 * True when an export gives what was current at `_till`, whatever changed since: parallel exports of AHDS
 * (SqlExportOrchestratorJob). Everywhere else an export shows the present, so that a resource changed after `_till` is
 * absent, and both bounds are inclusive. Of the open-source server only the cautious reading is safe.
 */
export function isSnapshot(plan: Plan): boolean {
  return plan.source.kind === 'ahds' && isParallel(plan);
}

/** What a count must count so that zero means that an export would be empty. */
export function countOf(plan: Plan): CountOf {
  return plan.scope.history || plan.scope.softDeleted ? 'versions' : 'current';
}

/** Inclusive start of the plan's range; undefined: from the first resource. */
export function scopeSince(plan: Plan): Instant | undefined {
  return plan.scope.since === undefined ? undefined : Date.parse(plan.scope.since);
}

/** Exclusive end of the plan's range; undefined: up to the server's now. */
export function scopeTill(plan: Plan): Instant | undefined {
  return plan.scope.till === undefined ? undefined : Date.parse(plan.scope.till);
}
