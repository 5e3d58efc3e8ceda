import * as l10n from '@vscode/l10n';
import { endpointKey, type Activities } from '../tree/buildTree.ts';
import { isMoving, percentDone, progressWords } from '../words/migrationWords.ts';
import { isAbandoned } from './controls.ts';
import type { MigrationState } from './migrationState.ts';

/** What running migrations do with services, in words, for the nodes of the Services view. */
export function activitiesOf(states: readonly MigrationState[]): Activities {
  const activities = new Map<string, string>();
  for (const { overview, driven } of states) {
    if (!isMoving(overview.phase) || isAbandoned(overview, driven)) continue;
    const percent = percentDone(overview);
    const words = percent === undefined ? progressWords(overview) : `${percent} %`;
    const { source, target } = overview.plan;
    activities.set(
      endpointKey(source.endpoint),
      words === '' ? l10n.t('Source of a migration') : l10n.t('Source, {0}', words),
    );
    activities.set(
      endpointKey(target.endpoint),
      words === '' ? l10n.t('Target of a migration') : l10n.t('Target, {0}', words),
    );
  }
  return activities;
}
