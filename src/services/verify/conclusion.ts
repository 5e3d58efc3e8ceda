import { isConflict } from '../../verify/differences.ts';
import type { Verification, VerificationOutcome } from './verification.ts';

type Result = Omit<Verification, 'outcome' | 'notes'>;

/** Equal only when everything that was asked for was compared, and nothing differs. */
export function outcomeOf({ differences, openRanges, truncated, types }: Result): VerificationOutcome {
  const open = differences.filter(({ accepted }) => accepted === undefined);
  const differing =
    truncated ||
    open.some((difference) => difference.class !== 'unreadable') ||
    openRanges.some(({ source, target }) => source !== undefined && target !== undefined && source !== target);
  if (differing) return 'different';
  return open.length > 0 || openRanges.length > 0 || types.some(({ unread }) => unread > 0) ? 'incomplete' : 'equal';
}

/** What the result does and does not prove, one sentence each. */
export function notesOf(
  result: Result,
  { history, ids = false }: { readonly history: boolean; readonly ids?: boolean },
): readonly string[] {
  const { depth, sample, truth, types, truncated, differences } = result;
  const sum = (of: 'unread' | 'recovered' | 'changedLater'): number => types.reduce((all, type) => all + type[of], 0);
  const text = (value: number): string => value.toLocaleString('en');
  const accepted = differences.filter((difference) => difference.accepted !== undefined).length;
  const conflicts = differences.filter(({ reason, accepted }) => isConflict(reason) && accepted === undefined).length;
  const histories = differences.filter(({ reason }) => reason === 'history').length;
  const uncounted = types.filter(({ source, target }) => source === undefined || target === undefined);
  return [
    ...(truth === 'stagedFiles'
      ? ['The source no longer answers: the exported files in the staging account stand for it.']
      : []),
    ...(ids ? ['The ids and versions of all resources were compared; content was not read.'] : []),
    ...(depth === 'range' && !ids
      ? [
          'Counts were compared per type in many slices of time, which finds every missing and every extra resource, unless one of each lies in the same slice of a type; content was not read. The depth content settles both.',
        ]
      : []),
    ...(sample === undefined ? [] : [sampleSentence(sample)]),
    ...(accepted > 0 ? [`${text(accepted)} of the differences were accepted before.`] : []),
    ...(history
      ? ['Versions of the history were counted on both sides; only where counts differ were they read.']
      : []),
    ...(conflicts > 0
      ? [
          `${text(conflicts)} resources were changed on the target itself: choose for each whether its version stays or the source's is taken.`,
        ]
      : []),
    ...(histories > 0
      ? [`${text(histories)} resources are equal in their current version, and not in their history.`]
      : []),
    ...(sum('changedLater') > 0
      ? [
          `${text(sum('changedLater'))} resources changed on the source after the end of the range; catch up, then verify again.`,
        ]
      : []),
    ...(sum('recovered') > 0
      ? [`Pages of a service left out ${text(sum('recovered'))} resources; they were read one by one and are equal.`]
      : []),
    ...(sum('unread') > 0
      ? [`${text(sum('unread'))} resources were counted but could not be read: the search is incomplete.`]
      : []),
    ...(sample === undefined && uncounted.length > 0
      ? [`Counts failed for ${uncounted.map(({ type }) => type).join(', ')}: lost pages would not be noticed there.`]
      : []),
    ...(truncated ? [`There are more differences than the ${text(differences.length)} listed.`] : []),
  ];
}

/** What a random sample says about everything. */
function sampleSentence({ compared, of, differing, upperShare }: NonNullable<Result['sample']>): string {
  const percent = `${(upperShare * 100).toPrecision(2)} %`;
  const found = differing === 0 ? 'none differ' : `${differing.toLocaleString('en')} differ`;
  return `${compared.toLocaleString('en')} of ${of.toLocaleString('en')} compared at random, ${found}: fewer than ${percent} differ, with 95 % confidence.`;
}
