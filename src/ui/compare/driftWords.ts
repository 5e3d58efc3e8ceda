import * as l10n from '@vscode/l10n';
import type { Aspect, ComparedEntry, EntryState } from '../../compare/comparison.ts';
import type { WhenToConfigure } from '../../compare/configurationSettings.ts';
import type { ParameterReadiness } from '../../services/searchParameters/parametersReady.ts';
import { failureText } from '../feedback/failureWords.ts';

/** Name of an aspect as views and documents show it. */
export function aspectName(aspect: Aspect): string {
  switch (aspect) {
    case 'configuration':
      return l10n.t('Configuration');
    case 'capabilities':
      return l10n.t('Capability Statement');
    case 'searchParameters':
      return l10n.t('Search Parameters');
    case 'profiles':
      return l10n.t('Profiles and Terminology');
    case 'roles':
      return l10n.t('Role Assignments');
    case 'diagnostics':
      return l10n.t('Diagnostic Settings and Locks');
  }
}

/** State of an entry in words. */
export function stateWords(state: EntryState): string {
  switch (state) {
    case 'copied':
      return l10n.t('the same');
    case 'adapted':
      return l10n.t('adapted');
    case 'byDesign':
      return l10n.t('differs by design');
    case 'notPossible':
      return l10n.t('not possible on the target');
    case 'different':
      return l10n.t('different');
    case 'missing':
      return l10n.t('missing on the target');
    case 'onlyOnTarget':
      return l10n.t('only on the target');
  }
}

/** State of an entry in words; of a search parameter that is only not used, why. */
export function entryWords({ state, unused }: Pick<ComparedEntry, 'state' | 'unused'>): string {
  if (unused === undefined) return stateWords(state);
  switch (unused) {
    case 'notIndexed':
      return l10n.t('not yet indexed');
    case 'unsupported':
      return l10n.t('not supported by the target');
    case 'retired':
      return l10n.t('retired on the target');
  }
}

/** When a setting is best made. */
export function whenWords(when: WhenToConfigure): string | undefined {
  switch (when) {
    case 'before':
      return l10n.t('before the migration');
    case 'after':
      return l10n.t('after the migration');
    case 'either':
      return l10n.t('before or after the migration');
    case 'notApplicable':
      return undefined;
  }
}

/** Count of differences beside a name. */
export function countWords(drift: number): string {
  if (drift === 0) return l10n.t('no drift');
  return drift === 1 ? l10n.t('1 difference') : l10n.t('{0} differences', drift);
}

/** Why a search parameter is not ready, in words. */
export function notReadyWords({ status, failure }: ParameterReadiness): string {
  if (failure !== undefined) return failureText(failure);
  return status === undefined
    ? l10n.t('The service does not tell its state.')
    : l10n.t('The service says {0}.', status);
}
