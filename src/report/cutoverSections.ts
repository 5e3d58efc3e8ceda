import type { CleanupRecord, GateRecord } from '../engine/cutover.ts';
import type { Block, Section } from './document.ts';
import type { Report } from './report.ts';
import { amount, bytes, gateName, instant, keptName, stateName } from './words.ts';

/** The gates as they were signed off; decisions of before, where nobody signed yet. */
export function cutoverSections({ cutover }: Report): readonly Section[] {
  const signed = cutover?.signedOff;
  const blocks: Block[] = [];
  if (signed === undefined) blocks.push({ kind: 'text', text: 'The cutover was not signed off.' });
  else {
    blocks.push(
      {
        kind: 'facts',
        rows: [
          ['Signed off by', signed.by],
          ['Signed off at', instant(signed.at)],
          ['Cutover', instant(signed.cutoverAt)],
          ...(signed.because === undefined ? [] : [['Remark', signed.because] as const]),
        ],
      },
      gatesTable('Gates as they were signed off', signed.gates),
      gatesTable('The way over', signed.steps),
    );
  }
  const decisions = cutover?.decisions ?? [];
  if (decisions.length > 0)
    blocks.push({
      kind: 'table',
      caption: 'Decisions of people',
      columns: [{ title: 'When' }, { title: 'Gate' }, { title: 'Decision' }, { title: 'Why' }],
      rows: decisions.map(({ at, gate, decision, because }) => [instant(at), gateName(gate), decision, because ?? '']),
    });
  if (cutover?.wentBack !== undefined)
    blocks.push({
      kind: 'text',
      text: `On ${instant(cutover.wentBack.at)} it was decided to go back to the source: ${cutover.wentBack.because}`,
    });
  return [{ id: 'gates', title: 'Cutover', blocks }];
}

const gatesTable = (caption: string, gates: readonly GateRecord[]): Block => ({
  kind: 'table',
  caption,
  columns: [{ title: 'Gate' }, { title: 'State' }, { title: 'Evidence' }, { title: 'Seen' }],
  rows: gates.map(({ id, state, evidence, at }) => [gateName(id), stateName(state), evidence, instant(at)]),
});

/** What was taken away after the migration, and what is still there. */
export function cleanupSection({ cleanups }: Report): Section {
  return {
    id: 'cleanup',
    title: 'Clean-up',
    blocks: [
      cleanups.length === 0
        ? { kind: 'text', text: 'Nothing was cleaned up: exported files are still in the staging account.' }
        : {
            kind: 'table',
            caption: 'Clean-ups, the oldest first',
            columns: [
              { title: 'When' },
              { title: 'Files', align: 'right' },
              { title: 'Size', align: 'right' },
              { title: 'Also' },
              { title: 'Still there' },
              { title: 'Proof' },
            ],
            rows: cleanups.map((record) => [
              instant(record.at),
              amount(record.blobs + record.errorFiles),
              bytes(record.bytes),
              alsoOf(record),
              Object.entries(record.kept)
                .map(([reason, count]) => `${amount(count)} files: ${keptName(reason)}`)
                .join('; '),
              `${record.proved ? 'a listing afterwards shows none of them' : 'not proved'}; SHA-256 ${record.digest}`,
            ]),
          },
    ],
  };
}

const alsoOf = ({ containers, changes }: CleanupRecord): string =>
  [...containers.map((name) => `container ${name} deleted`), ...changes.map((title) => `put back: ${title}`)].join(
    '; ',
  );
