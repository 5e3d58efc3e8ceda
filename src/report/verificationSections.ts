import type { VerificationRecord, VerifiedType } from '../engine/verified.ts';
import type { Block, Section } from './document.ts';
import type { Report } from './report.ts';
import { amount, className, depthName, instant, outcomeName } from './words.ts';

/** Verification by depth, then differences and what was decided about them. */
export function verificationSections(report: Report): readonly Section[] {
  return [verificationSection(report), differencesSection(report)];
}

function verificationSection({ verification, windows }: Report): Section {
  const { equal, different, uncounted } = windows.verified;
  const asItWent =
    verification.by === 'ledger'
      ? 'The source does not answer counts: windows stand by the ledger of exported and imported lines alone.'
      : `Counted on both services right after their import: ${amount(equal)} windows equal, ${amount(different)} different, ${amount(uncounted)} not countable.`;
  const until =
    verification.until === undefined
      ? 'Up to which instant everything is verified is unknown.'
      : `Everything before ${instant(verification.until)} is accounted for${verification.by === 'counts' ? ' and counted alike' : ''}.`;
  const latest = latestByDepth(verification.runs);
  return {
    id: 'verification',
    title: 'Verification',
    blocks: [
      { kind: 'text', text: `${asItWent} ${until}` },
      verification.runs.length === 0
        ? { kind: 'text', text: 'Nobody verified the services as a whole.' }
        : runsTable(verification.runs),
      ...latest.map(typesTable),
    ],
  };
}

/** The last run of each depth: what it said type by type. */
function latestByDepth(runs: readonly VerificationRecord[]): readonly VerificationRecord[] {
  const byDepth = new Map(runs.map((run) => [run.depth, run]));
  return [...byDepth.values()].filter(({ types }) => types.length > 0);
}

const truths: Readonly<Record<VerificationRecord['truth'], string>> = {
  service: 'the source itself',
  stagedFiles: 'its exported files',
  journal: 'the journal',
};

function runsTable(runs: readonly VerificationRecord[]): Block {
  return {
    kind: 'table',
    caption: 'Verifications, the oldest first',
    columns: [
      { title: 'Ended' },
      { title: 'Depth' },
      { title: 'For the source stood' },
      { title: 'Range' },
      { title: 'Result' },
    ],
    rows: runs.map((run) => [
      instant(run.endedAt),
      depthName(run),
      truths[run.truth],
      `${run.since === undefined ? 'the beginning' : instant(run.since)} to ${run.till === undefined ? 'the end' : instant(run.till)}`,
      resultOf(run),
    ]),
  };
}

function resultOf({ outcome, sample, openRanges, truncated, accepted }: VerificationRecord): string {
  return [
    outcomeName(outcome),
    ...(sample === undefined
      ? []
      : [
          `${amount(sample.differing)} differ; with 95 % confidence fewer than ${(sample.upperShare * 100).toFixed(3)} % differ`,
        ]),
    ...(openRanges > 0 ? [`${amount(openRanges)} ranges not narrowed`] : []),
    ...(truncated ? ['more differences than listed'] : []),
    ...(accepted > 0 ? [`${amount(accepted)} accepted before`] : []),
  ].join('; ');
}

function typesTable(run: VerificationRecord): Block {
  const ledger = run.depth === 'ledger';
  const numbers: readonly (readonly [string, (type: VerifiedType) => number | undefined])[] = [
    [ledger ? 'Exported' : 'Source', ({ source }) => source],
    [ledger ? 'Arrived' : 'Target', ({ target }) => target],
    ['Equal', ({ equal }) => equal],
    ['Missing', ({ missingOnTarget }) => missingOnTarget],
    ['Extra', ({ extraOnTarget }) => extraOnTarget],
    ['Differ', ({ differs }) => differs],
    ['Unreadable', ({ unreadable }) => unreadable],
    ['Not read', ({ unread }) => unread],
  ];
  return {
    kind: 'table',
    caption: `By ${depthName(run)}, ended ${instant(run.endedAt)}`,
    columns: [{ title: 'Resource type' }, ...numbers.map(([title]) => ({ title, align: 'right' }) as const)],
    rows: run.types.map((type) => [
      type.type,
      ...numbers.map(([, of]) => {
        const value = of(type);
        return value === undefined ? 'unknown' : amount(value);
      }),
    ]),
  };
}

function differencesSection({ decisions }: Report): Section {
  const classesText = (classes: Readonly<Record<string, number>>): string =>
    Object.entries(classes)
      .map(([name, count]) => `${amount(count)} ${className(name)}`)
      .join(', ');
  return {
    id: 'differences',
    title: 'Differences and decisions',
    blocks: [
      decisions.length === 0
        ? { kind: 'text', text: 'No decision about a difference was made.' }
        : {
            kind: 'table',
            caption: 'What was done about differences',
            columns: [{ title: 'When' }, { title: 'What' }, { title: 'Resources' }, { title: 'Why' }],
            rows: decisions.map(({ at, treatment, classes, because }) => [
              instant(at),
              treatment,
              classesText(classes),
              because ?? '',
            ]),
          },
    ],
  };
}
