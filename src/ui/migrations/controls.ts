import type { MigrationOverview } from '../../engine/overview.ts';
import type { ControlRequest } from '../../engine/ports.ts';
import { isMoving, isOver } from '../words/migrationWords.ts';

/** Who drives a migration, as far as this window is concerned. */
export type DrivenBy = 'here' | 'other' | 'none';

/**
 * What can be asked of a migration now, in the order in which buttons stand. A migration that should move but that
 * nobody drives can be taken up again; one that is complete can fetch what changed since.
 */
export function offeredControls(
  overview: Pick<MigrationOverview, 'phase' | 'attention'>,
  driven: DrivenBy,
): readonly ControlRequest[] {
  const { phase, attention } = overview;
  switch (phase) {
    case 'planned':
    case 'preparing':
    case 'backlog':
    case 'catchUp':
    case 'checking':
      return driven === 'none' ? ['resume', 'cancel'] : ['pause', 'cancel'];
    case 'pausing':
      return driven === 'none' ? ['resume', 'cancel'] : ['cancel'];
    case 'paused':
      return ['resume', 'cancel'];
    case 'needsAttention': {
      const wanted = new Set(attention.flatMap(({ actions }) => actions));
      return (['retry', 'resume', 'catchUp', 'cancel'] as const).filter(
        (control) => control === 'retry' || control === 'cancel' || wanted.has(control),
      );
    }
    case 'cancelling':
      return driven === 'none' ? ['resume'] : [];
    case 'cancelled':
      return [];
    case 'complete':
      return ['catchUp'];
  }
}

/** True when the migration stopped moving although nobody asked for it: its driver went away. */
export function isAbandoned(overview: Pick<MigrationOverview, 'phase'>, driven: DrivenBy): boolean {
  return driven === 'none' && isMoving(overview.phase) && !isOver(overview.phase);
}
