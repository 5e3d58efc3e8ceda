import * as l10n from '@vscode/l10n';
import type { MigrationOverview, MigrationPhase } from '../../engine/overview.ts';
import { formatCount, formatInstant } from './format.ts';

/** How the source exports, and why so. */
export function exportModeWords(chosen: MigrationOverview['exportMode']): string | undefined {
  switch (chosen?.mode) {
    case undefined:
      return undefined;
    case 'parallel':
      return l10n.t('The whole service at once, in parallel. {0}', chosen.reason);
    case 'sequential':
      return l10n.t('The whole service at once, page by page. {0}', chosen.reason);
    case 'perType':
      return l10n.t('Type by type. {0}', chosen.reason);
  }
}

/** Phase of a migration as people read it; the panel says the same. */
export function phaseName(phase: MigrationPhase): string {
  switch (phase) {
    case 'planned':
      return l10n.t('Planned');
    case 'preparing':
      return l10n.t('Preparing');
    case 'backlog':
      return l10n.t('Moving the backlog');
    case 'catchUp':
      return l10n.t('Catching up');
    case 'syncing':
      return l10n.t('In sync');
    case 'finishing':
      return l10n.t('Taking the last window');
    case 'checking':
      return l10n.t('Checking the result');
    case 'pausing':
      return l10n.t('Pausing');
    case 'paused':
      return l10n.t('Paused');
    case 'cancelling':
      return l10n.t('Cancelling');
    case 'cancelled':
      return l10n.t('Cancelled');
    case 'needsAttention':
      return l10n.t('Needs attention');
    case 'complete':
      return l10n.t('Complete');
  }
}

/** Phases in which somebody should be driving the migration. */
const movingPhases: ReadonlySet<MigrationPhase> = new Set([
  'planned',
  'preparing',
  'backlog',
  'catchUp',
  'syncing',
  'finishing',
  'checking',
  'pausing',
  'cancelling',
]);

/** True while a driver has work to do. */
export function isMoving(phase: MigrationPhase): boolean {
  return movingPhases.has(phase);
}

/** True when nothing will ever happen again unless somebody asks for it. */
export function isOver(phase: MigrationPhase): boolean {
  return phase === 'complete' || phase === 'cancelled';
}

/**
 * How far a migration is, 0 to 100, or undefined where nothing was counted. Lines refused as already there count as
 * moved; 100 is said only of a complete migration, whatever the counts promised.
 */
export function percentDone(overview: MigrationOverview): number | undefined {
  if (overview.phase === 'complete') return 100;
  if (overview.phase === 'syncing') return undefined;
  const { expected } = overview.progress;
  if (expected === undefined || expected <= 0) return undefined;
  const settled = overview.windows.reduce((sum, window) => sum + window.imported + window.alreadyThere, 0);
  return Math.min(99, Math.floor((100 * settled) / expected));
}

/** How far a migration is, in a few words: percent where the source was counted, else windows. */
export function progressWords(overview: MigrationOverview): string {
  if (overview.phase === 'syncing') return copyWords(overview);
  const percent = percentDone(overview);
  const { windowsDone, windowsKnown } = overview.progress;
  const windows =
    windowsKnown === 0
      ? undefined
      : overview.blind && isMoving(overview.phase)
        ? l10n.t('{0} of at least {1} windows', formatCount(windowsDone), formatCount(windowsKnown))
        : l10n.t('{0} of {1} windows', formatCount(windowsDone), formatCount(windowsKnown));
  if (percent === undefined) return windows ?? '';
  return windows === undefined ? `${percent} %` : `${percent} % · ${windows}`;
}

/** As of when the copy of a migration in sync is: a time stays true while nothing is drawn anew. */
function copyWords({ sync }: MigrationOverview): string {
  const until = sync?.copiedUntil;
  if (sync === undefined || until === undefined) return '';
  return sync.purpose === 'follow'
    ? l10n.t('recovery point {0}', formatInstant(until))
    : l10n.t('copy as of {0}', formatInstant(until));
}
