import * as l10n from '@vscode/l10n';
import type { Verification, VerificationDepth, VerificationProgress } from '../../services/verify/verification.ts';
import type { DifferenceClass, DifferenceReason } from '../../verify/differences.ts';
import { formatCount } from '../words/format.ts';

/** Name of a class of differences, as a heading. */
export function className(name: DifferenceClass | 'equal'): string {
  switch (name) {
    case 'equal':
      return l10n.t('Equal');
    case 'differs':
      return l10n.t('Differs');
    case 'missingOnTarget':
      return l10n.t('Missing on Target');
    case 'extraOnTarget':
      return l10n.t('Extra on Target');
    case 'unreadable':
      return l10n.t('Unreadable');
  }
}

/** Why a resource is not equal, in a few words. */
export function reasonWords(reason: DifferenceReason): string {
  switch (reason) {
    case 'content':
      return l10n.t('other content');
    case 'version':
      return l10n.t('other version or date');
    case 'changedOnTarget':
      return l10n.t('changed on the target');
    case 'staleOnTarget':
      return l10n.t('older on the target');
    case 'neverThere':
      return l10n.t('never arrived');
    case 'deletedOnTarget':
      return l10n.t('deleted on the target');
    case 'notOnSource':
      return l10n.t('not on the source');
    case 'deletedOnSource':
      return l10n.t('deleted on the source');
    case 'writtenOnTarget':
      return l10n.t('written on the target');
    case 'history':
      return l10n.t('other history');
    case 'refused':
      return l10n.t('not given by a service');
  }
}

/** What people can do about a reason, one sentence. */
export function reasonGuidance(reason: DifferenceReason): string {
  switch (reason) {
    case 'content':
    case 'version':
      return l10n.t('Import it again, so that the source wins, or accept it.');
    case 'changedOnTarget':
    case 'deletedOnTarget':
    case 'writtenOnTarget':
      return l10n.t('The target itself changed it before cutover: keep its version, or take that of the source.');
    case 'staleOnTarget':
      return l10n.t('Catch up, or import it again.');
    case 'neverThere':
      return l10n.t('Import it again.');
    case 'notOnSource':
      return l10n.t(
        'It was deleted for good on the source, or written on the target alone: delete it from the target, or accept it.',
      );
    case 'deletedOnSource':
      return l10n.t('Delete it from the target, too.');
    case 'history':
      return l10n.t(
        'The current versions are equal, and one of the services holds an older version that the other does not: accept it, or run a migration with history again.',
      );
    case 'refused':
      return l10n.t('Verify again, or look at what the service answers.');
  }
}

/** Name of a depth. */
export function depthName(depth: VerificationDepth): string {
  switch (depth) {
    case 'ledger':
      return l10n.t('Ledger');
    case 'range':
      return l10n.t('Range');
    case 'content':
      return l10n.t('Content');
  }
}

export function outcomeWords({ outcome }: Pick<Verification, 'outcome'>): string {
  switch (outcome) {
    case 'equal':
      return l10n.t('Equal');
    case 'different':
      return l10n.t('Different');
    case 'incomplete':
      return l10n.t('Not proved');
  }
}

/** What a running verification is at, in a few words. */
export function progressWords({ stage, type, done, total }: VerificationProgress): string {
  const amount =
    total === undefined || total === 0
      ? formatCount(done)
      : l10n.t('{0} of {1}', formatCount(Math.min(done, total)), formatCount(total));
  switch (stage) {
    case 'ledger':
      return l10n.t('balancing the ledger');
    case 'counting':
      return l10n.t('counting');
    case 'listing':
      return type === undefined ? amount : l10n.t('{0}, {1}', amount, type);
    case 'reading':
      return l10n.t('looking at single resources of {0}', type ?? '');
  }
}

export const differencesWords = (count: number): string =>
  count === 0
    ? l10n.t('no differences')
    : count === 1
      ? l10n.t('1 difference')
      : l10n.t('{0} differences', formatCount(count));
