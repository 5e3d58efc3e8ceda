import type { Verification } from '../../services/verify/verification.ts';
import type { Difference, DifferenceClass, DifferenceReason } from '../../verify/differences.ts';
import { table } from './table.ts';

/** Lines of one class shown to people; `--json` gives all of them. */
const shown = 50;

const outcomes: Readonly<Record<Verification['outcome'], string>> = {
  equal: 'EQUAL',
  different: 'DIFFERENT',
  incomplete: 'NOT PROVED',
};

export const classWords: Readonly<Record<DifferenceClass, string>> = {
  differs: 'differs',
  missingOnTarget: 'missing on target',
  extraOnTarget: 'extra on target',
  unreadable: 'unreadable',
};

export const reasonWords: Readonly<Record<DifferenceReason, string>> = {
  content: 'content',
  version: 'version or date',
  changedOnTarget: 'changed on target',
  staleOnTarget: 'older on target',
  neverThere: 'never arrived',
  deletedOnTarget: 'deleted on target',
  notOnSource: 'not on source',
  deletedOnSource: 'deleted on source',
  writtenOnTarget: 'written on target',
  history: 'other history',
  refused: 'not given',
};

/** The result of a verification: a table of the types, ranges that stay open, notes and the verdict. */
export function verificationLines(result: Verification): string[] {
  const words = result.depth === 'ledger' ? ['exported', 'arrived'] : [result.sourceName, result.targetName];
  const rows = result.types.map((type) => [type.type, type.source, type.target, type.equal, type.unread]);
  const at = (instant: number | undefined): string =>
    instant === undefined ? 'the beginning' : new Date(instant).toISOString();
  return [
    ...table(['type', ...words, 'equal', 'not read'], rows),
    '',
    ...result.openRanges.map(
      ({ of, type, since, till, source, target }) =>
        `${type}${of === 'versions' ? ' (versions)' : ''} from ${at(since)} to ${at(till)}: ${source ?? 'unknown'} and ${target ?? 'unknown'}`,
    ),
    ...result.notes.map((note) => `Note: ${note}`),
    `${result.sourceName} and ${result.targetName} by ${result.depth}: ${outcomes[result.outcome]}`,
  ];
}

/** Differences by class, the first of each with type and id. */
export function differenceLines(differences: readonly Difference[]): string[] {
  const classes = [...new Set(differences.map((difference) => difference.class))].sort();
  return classes.flatMap((name) => {
    const all = differences.filter((difference) => difference.class === name);
    return [
      `${all.length.toLocaleString('en')} ${classWords[name]}:`,
      ...all.slice(0, shown).map(({ type, id, reason }) => `  ${type}/${id} (${reasonWords[reason]})`),
      ...(all.length > shown ? [`  … and ${(all.length - shown).toLocaleString('en')} more (--json gives all)`] : []),
    ];
  });
}
