import * as l10n from '@vscode/l10n';
import type { PlanInput } from '../../engine/plan.ts';
import type { Choice } from '../platform/prompts.ts';
import type { MigrateAnswers } from './migrateFlow.ts';

/** What goes along, and how a migration goes about it. */
export type Way = 'history' | 'softDeleted' | 'filtered' | 'deidentified' | 'perType' | 'timed';

/** How much is moved. */
export function whatChoices(
  preset: 'everything' | 'types' | 'range',
): readonly Choice<'everything' | 'types' | 'range'>[] {
  const choices = [
    { label: l10n.t('Everything'), detail: l10n.t('Every resource of every type, up to now'), value: 'everything' },
    { label: l10n.t('Some resource types…'), detail: l10n.t('Choose from the types of the source'), value: 'types' },
    { label: l10n.t('A date range…'), detail: l10n.t('By the time of the last change'), value: 'range' },
  ] as const;
  return choices.map((choice) => ({ ...choice, picked: choice.value === preset }));
}

/** @param preset what is chosen to begin with */
export function wayChoices(answers: MigrateAnswers, preset: readonly Way[]): readonly Choice<Way>[] {
  const how = l10n.t('How');
  const choices: readonly Choice<Way>[] = [
    {
      label: l10n.t('Older versions'),
      detail: l10n.t('The history of every resource, not only what is current'),
      value: 'history',
    },
    {
      label: l10n.t('Deleted resources'),
      detail: l10n.t('Resources that were deleted but not purged, as deleted ones'),
      value: 'softDeleted',
    },
    ...(answers.what === 'types'
      ? [
          {
            label: l10n.t('Only what a search finds…'),
            detail: l10n.t('For example finished observations; sources then export nothing older and nothing deleted'),
            value: 'filtered',
            group: how,
          } as const,
        ]
      : []),
    {
      label: l10n.t('De-identified…'),
      detail: l10n.t('The source takes identities out, by a configuration file that you choose'),
      value: 'deidentified',
      group: how,
    },
    {
      label: l10n.t('One export for each type'),
      detail: l10n.t('One that fails costs its own type only; needs a source that can be counted'),
      value: 'perType',
      group: how,
    },
    {
      label: l10n.t('At certain hours only…'),
      detail: l10n.t('Exports, imports or both, by a weekly calendar'),
      value: 'timed',
      group: how,
    },
  ];
  return choices.map((choice) => ({ ...choice, picked: preset.includes(choice.value) }));
}

/** The part of the plan that says how it is moved, beside what a file is uploaded for. */
export function waysOf({ ways = [], calendar }: MigrateAnswers): Pick<PlanInput, 'options' | 'calendar'> {
  return {
    ...(ways.includes('perType') ? { options: { perType: true } } : {}),
    ...(ways.includes('timed') && calendar !== undefined && calendar !== null ? { calendar } : {}),
  };
}
