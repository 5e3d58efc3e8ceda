import * as l10n from '@vscode/l10n';
import { endpointKey, type Activities } from '../tree/buildTree.ts';
import { isMoving, percentDone, phaseName } from '../words/migrationWords.ts';
import { isAbandoned } from './controls.ts';
import type { MigrationState } from './migrationState.ts';

/** What running migrations do with services, in words, for the nodes of the Services view. */
export function activitiesOf(states: readonly MigrationState[]): Activities {
  const activities = new Map<string, string>();
  for (const { overview, driven } of states) {
    if (!isMoving(overview.phase) || isAbandoned(overview, driven)) continue;
    const percent = percentDone(overview);
    const phase = phaseName(overview.phase);
    const words = percent === undefined ? phase : l10n.t('{0} {1} %', phase, percent);
    activities.set(endpointKey(overview.plan.source.endpoint), l10n.t('Source: {0}', words));
    activities.set(endpointKey(overview.plan.target.endpoint), l10n.t('Target: {0}', words));
  }
  return activities;
}
