import * as l10n from '@vscode/l10n';
import type { PlanInput } from '../../engine/plan.ts';
import type { Choice } from '../platform/prompts.ts';

/** How a migration goes on when everything is moved. */
export type Ending = 'end' | 'cutover' | 'follow';

export function endingChoices(preset: Ending): readonly Choice<Ending>[] {
  const choices = [
    {
      label: l10n.t('It ends'),
      detail: l10n.t('Changes made meanwhile are caught up with; nothing may be written to the source at the end'),
      value: 'end',
    },
    {
      label: l10n.t('Keep in sync until cutover'),
      detail: l10n.t('Changes follow within minutes, until you stop the writes and choose Finish'),
      value: 'cutover',
    },
    {
      label: l10n.t('Follow for disaster recovery'),
      detail: l10n.t('Changes follow for good; the lag is shown as the recovery point'),
      value: 'follow',
    },
  ] as const;
  return choices.map((choice) => ({ ...choice, picked: choice.value === preset }));
}

/** The part of the plan that says so. */
export function syncOf(ending: Ending): Pick<PlanInput, 'sync'> {
  return ending === 'end' ? {} : { sync: { purpose: ending, lagTargetSeconds: 900 } };
}
