import type { TemplateResult } from 'lit/html.js';
import type { About, Action } from '../protocol.ts';
import { actionWords } from '../words.ts';
import type { ViewContext } from './context.ts';
import { button } from './controls.ts';
import type { IconName } from './icons.ts';

const icons: Readonly<Record<Action, IconName>> = {
  pause: 'pause',
  resume: 'play',
  retry: 'retry',
  catchUp: 'forward',
  finish: 'flag',
  keepSyncing: 'retry',
  cancel: 'stop',
  signIn: 'key',
  openJournal: 'book',
  openLog: 'lines',
  copyForSupport: 'copy',
  openPlan: 'file',
  openReport: 'file',
  openSummary: 'list',
  verify: 'check',
  cutOver: 'arrow',
  cleanUp: 'trash',
  changeLimits: 'lines',
  openStaging: 'storage',
  openMigrations: 'list',
  failedLines: 'lines',
  acceptLines: 'check',
  showFailure: 'info',
};

/** The button of an action; `about` narrows it to a window or operation. */
export function actionButton(
  action: Action,
  context: ViewContext,
  options: { readonly primary?: boolean; readonly about?: About } = {},
): TemplateResult {
  const label = actionWords(action);
  const subject = options.about?.window ?? options.about?.operation;
  return button({
    label,
    icon: icons[action],
    primary: options.primary ?? false,
    name: subject === undefined ? label : `${label}: ${subject}`,
    press: () => context.dispatch({ type: 'act', action, about: options.about }),
  });
}
