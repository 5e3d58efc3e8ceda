import type { Verification, VerificationOutcome } from './verification.ts';

type Result = Omit<Verification, 'outcome' | 'notes'>;

/** Equal only when everything that was asked for was compared, and nothing differs. */
export function outcomeOf({ differences, openRanges, truncated, types }: Result): VerificationOutcome {
  const differing =
    truncated ||
    differences.some((difference) => difference.class !== 'unreadable') ||
    openRanges.some(({ source, target }) => source !== undefined && target !== undefined && source !== target);
  if (differing) return 'different';
  return differences.length > 0 || openRanges.length > 0 || types.some(({ unread }) => unread > 0)
    ? 'incomplete'
    : 'equal';
}

/** What the result does and does not prove, one sentence each. */
export function notesOf(result: Result, history: boolean): readonly string[] {
  const { depth, sample, truth, types, truncated, differences } = result;
  const sum = (of: 'unread' | 'recovered' | 'changedLater'): number => types.reduce((all, type) => all + type[of], 0);
  const text = (value: number): string => value.toLocaleString('en');
  const uncounted = types.filter(({ source, target }) => source === undefined || target === undefined);
  return [
    ...(truth === 'stagedFiles'
      ? ['The source no longer answers: the exported files in the staging account stand for it.']
      : []),
    ...(depth === 'range'
      ? [
          'Counts were compared per type and time range; a missing and an extra resource of one type within the same range hide each other, and content was not read. The depth content shows both.',
        ]
      : []),
    ...(sample === undefined ? [] : [sampleSentence(sample)]),
    ...(history ? ['Versions of the history were counted on both services, not read.'] : []),
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
