import * as vscode from 'vscode';
import * as v from 'valibot';
import type { MigrationOverview } from '../../engine/overview.ts';
import { settingsSchema, type SettingsChange } from '../../engine/sync/settings.ts';
import type { MigrationState } from '../migrations/migrationState.ts';
import { askForCalendar } from '../plan/calendarQuestions.ts';
import { back, type Answer, type Choice } from '../platform/prompts.ts';
import type { Ui } from '../ui.ts';
import { isOver } from '../words/migrationWords.ts';
import { askForMigration, left } from './askFor.ts';
import type { Command } from './command.ts';
import { migrationIdsOf } from './selection.ts';

type NumberOf = 'exportsAtOnce' | 'importsAtOnce' | 'requestsAtOnce' | 'windowsInFlight' | 'nice' | 'lagTargetSeconds';
type Setting = NumberOf | 'calendar';

const title = (): string => vscode.l10n.t('Change Limits');
const offers = ({ overview }: MigrationState): boolean => !isOver(overview.phase);

/** Changes one limit of a migration, also while it runs: whoever drives it obeys at once. */
export const changeLimits: Command = async (ui, clicked, selected) => {
  const [named] = migrationIdsOf(clicked, selected);
  const id = named ?? (await askForMigration(ui, 'limits.migration', title(), offers));
  const handle = await ui.migrations.open(id);
  for (;;) {
    const setting = await ui.prompts.pick({
      id: 'limits.setting',
      title: title(),
      placeholder: vscode.l10n.t('Which limit of {0}?', handle.overview().name),
      choices: settingChoices(handle.overview()),
    });
    if (setting === undefined || setting === back) throw left();
    const change =
      setting === 'calendar'
        ? await askAboutCalendar(ui, handle.overview())
        : await askForNumber(ui, handle.overview(), setting);
    if (change === back) continue;
    if (change === undefined) throw left();
    ui.log.info('Limits of a migration changed', { migration: handle.id, settings: Object.keys(change) });
    await handle.change(change);
    return;
  }
};

function settingChoices({ plan }: MigrationOverview): readonly Choice<Setting>[] {
  const { limits, options, sync, calendar } = plan;
  const choice = (value: Setting, label: string, now: number | string, detail: string): Choice<Setting> => ({
    value,
    label,
    description: String(now),
    detail,
  });
  return [
    choice(
      'exportsAtOnce',
      vscode.l10n.t('Exports at once'),
      limits.exportsAtOnce,
      vscode.l10n.t('A server runs one per instance; more only queue'),
    ),
    choice(
      'importsAtOnce',
      vscode.l10n.t('Imports at once'),
      limits.importsAtOnce,
      vscode.l10n.t('The documented limit is 5'),
    ),
    choice(
      'requestsAtOnce',
      vscode.l10n.t('Requests at once'),
      limits.requestsAtOnce,
      vscode.l10n.t('To each of the two services'),
    ),
    choice(
      'windowsInFlight',
      vscode.l10n.t('Windows in flight'),
      limits.windowsInFlight,
      vscode.l10n.t('Exported and not imported yet'),
    ),
    choice(
      'nice',
      vscode.l10n.t('Niceness'),
      options.nice,
      vscode.l10n.t('How much throttling, request charge and latency slow the migration down, 0 to 10'),
    ),
    ...(sync === undefined
      ? []
      : [
          choice(
            'lagTargetSeconds',
            vscode.l10n.t('Lag target'),
            sync.lagTargetSeconds,
            vscode.l10n.t('How old the copy may become, in seconds'),
          ),
        ]),
    choice(
      'calendar',
      vscode.l10n.t('Calendar'),
      calendar?.timeZone ?? vscode.l10n.t('none'),
      vscode.l10n.t('When exports and imports may start'),
    ),
  ];
}

function changeOf(overview: MigrationOverview, setting: NumberOf, value: number): unknown {
  return setting === 'lagTargetSeconds' ? { sync: { ...overview.plan.sync, [setting]: value } } : { [setting]: value };
}

async function askForNumber(ui: Ui, overview: MigrationOverview, setting: NumberOf): Promise<Answer<SettingsChange>> {
  const { limits, options, sync } = overview.plan;
  const now = { ...limits, nice: options.nice, lagTargetSeconds: sync?.lagTargetSeconds ?? 0 }[setting];
  const read = (text: string) =>
    v.safeParse(settingsSchema, changeOf(overview, setting, text.trim() === '' ? Number.NaN : Number(text)));
  const typed = await ui.prompts.input({
    id: 'limits.value',
    title: title(),
    canGoBack: true,
    prompt: settingChoices(overview).find(({ value }) => value === setting)?.label ?? setting,
    value: String(now),
    problem: (text) => {
      const [issue] = read(text).issues ?? [];
      if (issue === undefined) return undefined;
      return issue.message.startsWith('Invalid') ? vscode.l10n.t('A whole number.') : issue.message;
    },
  });
  if (typed === undefined || typed === back) return typed;
  const result = read(typed);
  return result.success ? result.output : undefined;
}

async function askAboutCalendar(ui: Ui, { plan }: MigrationOverview): Promise<Answer<SettingsChange>> {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const calendar = await askForCalendar(ui.prompts, { id: 'limits', title: title() }, plan.calendar, timeZone);
  return calendar === undefined || calendar === back ? calendar : { calendar };
}
