import * as l10n from '@vscode/l10n';
import type { Action, HeadView, OperationView, Phase, WindowRow, WindowState } from './protocol.ts';
import type { WindowFilter } from './windowList.ts';
import type { Formats } from './format.ts';

/** How something stands, apart from its words: chooses icon and colour. */
export type Tone = 'quiet' | 'waiting' | 'active' | 'good' | 'warning' | 'bad';

/** A phase in the user's words. */
export function phaseWords(phase: Phase): string {
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

/** What the phase means, one sentence. */
export function phaseSentence(head: HeadView): string {
  switch (head.phase) {
    case 'planned':
      return l10n.t('Nothing has been started yet.');
    case 'preparing':
      return l10n.t('Looking at both services and laying out the windows.');
    case 'backlog':
      return l10n.t('Exports and imports of the existing data run side by side.');
    case 'catchUp':
      return l10n.t('The existing data is moved; what changed since then follows.');
    case 'syncing':
      return l10n.t('The existing data is moved; what changes on the source follows until you finish.');
    case 'finishing':
      return l10n.t('The last window is on its way; then it is proved that nothing was written meanwhile.');
    case 'checking':
      return l10n.t('Everything is moved; the counts of both services are compared.');
    case 'pausing':
      return l10n.t('Nothing new is started. Operations that run on the services are left to finish.');
    case 'paused':
      return l10n.t('Nothing runs. Resume goes on exactly where it stopped.');
    case 'cancelling':
      return l10n.t('Running operations are being stopped on the services.');
    case 'cancelled':
      return l10n.t('The migration was cancelled. What was imported stays on the target.');
    case 'needsAttention':
      return l10n.t('The migration stopped and waits for your decision.');
    case 'complete':
      return l10n.t('Every exported resource is accounted for.');
  }
}

/** Phases in which something is going on. */
export function isMoving(phase: Phase): boolean {
  return !['planned', 'paused', 'cancelled', 'needsAttention', 'complete'].includes(phase);
}

export function phaseTone(phase: Phase): Tone {
  switch (phase) {
    case 'planned':
    case 'cancelled':
      return 'quiet';
    case 'paused':
    case 'pausing':
    case 'cancelling':
      return 'waiting';
    case 'preparing':
    case 'backlog':
    case 'catchUp':
    case 'syncing':
    case 'finishing':
    case 'checking':
      return 'active';
    case 'needsAttention':
      return 'bad';
    case 'complete':
      return 'good';
  }
}

export function windowStateWords(state: WindowState): string {
  switch (state) {
    case 'planned':
      return l10n.t('Planned');
    case 'exporting':
      return l10n.t('Exporting');
    case 'exported':
      return l10n.t('Exported');
    case 'importing':
      return l10n.t('Importing');
    case 'done':
      return l10n.t('Done');
    case 'empty':
      return l10n.t('Empty');
    case 'split':
      return l10n.t('Split');
    case 'needsAttention':
      return l10n.t('Needs attention');
  }
}

export function filterWords(filter: WindowFilter): string {
  switch (filter) {
    case 'all':
      return l10n.t('All');
    case 'active':
      return l10n.t('In flight');
    case 'waiting':
      return l10n.t('Waiting');
    case 'attention':
      return l10n.t('Needs attention');
    case 'finished':
      return l10n.t('Finished');
  }
}

export function operationWords(operation: OperationView): string {
  switch (operation.state) {
    case 'starting':
      return l10n.t('Starting');
    case 'running':
      return l10n.t('Running');
    case 'retrying':
      return l10n.t('Trying again');
    case 'searching':
      return l10n.t('Looking for its lost answer');
  }
}

const actions: Readonly<Record<Action, () => string>> = {
  pause: () => l10n.t('Pause'),
  resume: () => l10n.t('Resume'),
  retry: () => l10n.t('Retry'),
  catchUp: () => l10n.t('Catch Up'),
  finish: () => l10n.t('Finish'),
  keepSyncing: () => l10n.t('Keep in Sync'),
  cancel: () => l10n.t('Cancel Migration'),
  signIn: () => l10n.t('Sign In'),
  openJournal: () => l10n.t('Open Journal'),
  openLog: () => l10n.t('Open Log'),
  copyForSupport: () => l10n.t('Copy for Support'),
  openPlan: () => l10n.t('Open Plan'),
  openReport: () => l10n.t('Open Report'),
  openSummary: () => l10n.t('Open Summary'),
  verify: () => l10n.t('Verify…'),
  cutOver: () => l10n.t('Cut Over…'),
  cleanUp: () => l10n.t('Clean Up…'),
  changeLimits: () => l10n.t('Change Limits…'),
  openStaging: () => l10n.t('Open Staging'),
  openMigrations: () => l10n.t('Show Migrations'),
  failedLines: () => l10n.t('Show Failed Lines'),
  acceptLines: () => l10n.t('Accept Lines…'),
  showFailure: () => l10n.t('Show Details'),
};

export function actionWords(action: Action): string {
  return actions[action]();
}

/** The bounds of a window as people say them. */
export function rangeWords(row: Pick<WindowRow, 'since' | 'till'>, formats: Formats): string {
  return row.since === undefined
    ? l10n.t('from the beginning to {0}', formats.bound(row.till))
    : l10n.t('{0} to {1}', formats.bound(row.since), formats.bound(row.till));
}
