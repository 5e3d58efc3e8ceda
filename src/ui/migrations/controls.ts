import type { MigrationOverview } from '../../engine/overview.ts';
import type { Control } from '../../../webview/protocol.ts';
import { isMoving, isOver } from '../words/migrationWords.ts';

/** Who drives a migration, as far as this window is concerned. */
export type DrivenBy = 'here' | 'other' | 'none';

/**
 * What can be asked of a migration now, in the order in which buttons stand. A migration that should move but that
 * nobody drives can be taken up again; one that is complete can fetch what changed since.
 */
export function offeredControls(
  overview: Pick<MigrationOverview, 'phase' | 'attention' | 'sync'>,
  driven: DrivenBy,
): readonly Control[] {
  const { phase, attention, sync } = overview;
  // A window may need somebody while the others go on.
  const retry = attention.some(({ actions }) => actions.includes('retry')) ? (['retry'] as const) : [];
  switch (phase) {
    case 'planned':
    case 'preparing':
    case 'backlog':
    case 'catchUp':
    case 'checking':
      return moving(driven, [...retry, 'pause']);
    case 'syncing':
      return moving(driven, ['finish', ...retry, 'pause']);
    case 'finishing':
      return moving(driven, sync === undefined ? [...retry, 'pause'] : ['keepSyncing', ...retry, 'pause']);
    case 'pausing':
      return moving(driven, []);
    case 'paused':
      return ['resume', 'cancel'];
    case 'needsAttention': {
      const wanted = new Set(attention.flatMap(({ actions }) => actions));
      return (['retry', 'resume', 'catchUp', 'finish', 'cancel'] as const).filter(
        (control) => control === 'retry' || control === 'cancel' || wanted.has(control),
      );
    }
    case 'cancelling':
      return driven === 'none' ? ['resume'] : [];
    case 'cancelled':
      return [];
    case 'complete':
      return sync === undefined ? ['catchUp'] : ['catchUp', 'keepSyncing'];
  }
}

/** What moves can be taken up again when nobody drives it, and be cancelled in any case. */
function moving(driven: DrivenBy, offered: readonly Control[]): readonly Control[] {
  return driven === 'none' ? ['resume', 'cancel'] : [...offered, 'cancel'];
}

/** True when the migration stopped moving although nobody asked for it: its driver went away. */
export function isAbandoned(overview: Pick<MigrationOverview, 'phase'>, driven: DrivenBy): boolean {
  return driven === 'none' && isMoving(overview.phase) && !isOver(overview.phase);
}
