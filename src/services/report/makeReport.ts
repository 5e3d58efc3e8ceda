import { createHash } from 'node:crypto';
import { latest, samePair } from '../../compare/changes/remembered.ts';
import { eventVersion } from '../../engine/journal/eventFormat.ts';
import type { MigrationId } from '../../engine/ids.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { StoredRecord } from '../../engine/ports.ts';
import { toFailure } from '../../failure/failure.ts';
import { reportHtml } from '../../report/html.ts';
import { reportMarkdown } from '../../report/markdown.ts';
import type { ReportJournal } from '../../report/report.ts';
import { type ReportFacts, reportName, reportOf } from '../../report/reportOf.ts';
import { documentOf } from '../../report/sections.ts';
import { changePair } from '../changes/changePair.ts';
import type { ChangeStore } from '../changes/changeStore.ts';
import type { MigrationHandle } from '../contract.ts';
import type { MadeReport } from './contract.ts';

export interface ReportSurroundings {
  readonly open: (id: MigrationId) => Promise<Pick<MigrationHandle, 'overview' | 'journal'>>;
  readonly changes: Pick<ChangeStore, 'all'>;
  /** Program and version. */
  readonly product: string;
  readonly now: () => number;
}

/**
 * Makes the report of a migration. What cannot be read is told in it as unknown.
 * @throws FailureError `journal` when the journal cannot be opened at all
 */
export async function makeReport(id: MigrationId, around: ReportSurroundings): Promise<MadeReport> {
  const migration = await around.open(id);
  const [overview, records, changes] = [
    migration.overview(),
    await unlessUnreadable(() => migration.journal()),
    await unlessUnreadable(() => around.changes.all()),
  ];
  const pair = changePair(overview.plan.source, overview.plan.target);
  const facts: ReportFacts = {
    overview,
    changes: changes === undefined ? undefined : latest(changes).filter((change) => samePair(change.pair, pair)),
    journal: journalOf(records, overview),
    product: around.product,
    takenAt: around.now(),
  };
  const report = reportOf(facts);
  const document = documentOf(report);
  return {
    name: reportName(report),
    html: reportHtml(document),
    markdown: reportMarkdown(document),
    json: `${JSON.stringify(report, null, 2)}\n`,
    verdict: document.verdict,
    good: document.good,
  };
}

function journalOf(
  records: readonly StoredRecord[] | undefined,
  { journalLength, plan }: MigrationOverview,
): ReportJournal {
  const hash = createHash('sha256');
  for (const { text } of records ?? []) hash.update(text).update('\n');
  return {
    records: journalLength,
    format: eventVersion,
    planSha256: createHash('sha256').update(JSON.stringify(plan)).digest('hex'),
    first: records?.[0]?.sequence,
    last: records?.at(-1)?.sequence,
    sha256: records === undefined ? undefined : hash.digest('hex'),
  };
}

async function unlessUnreadable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (toFailure(error).kind === 'bug') throw error;
    return undefined;
  }
}
