import type { MigrationOverview } from '../engine/overview.ts';
import type { Instant } from '../engine/ports.ts';

/** One point of a checklist. `unknown` is never good enough: a person looks. */
export interface CheckItem {
  readonly id: string;
  readonly title: string;
  readonly state: 'done' | 'open' | 'unknown' | 'byHand';
  /** What was seen, and how. */
  readonly evidence: string;
  readonly at: Instant;
}

/** What was asked of the source; a text says why it could not be had. */
export interface SourceSeen {
  /** `meta.lastUpdated` of the last write, deletions included; undefined: the service holds nothing. */
  readonly lastWrite: { readonly at: Instant | undefined } | { readonly retired: true } | string;
  /** Requests of the last six hours. */
  readonly requests: number | undefined | string;
}

const iso = (at: Instant): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** What a person goes through before a source is deleted. Nothing of it is ever done from here. */
export function decommissionItems(overview: MigrationOverview, seen: SourceSeen, now: Instant): readonly CheckItem[] {
  const { plan, cutover, verification, cleanups = [] } = overview;
  const signed = cutover?.signedOff;
  const last = verification.runs.at(-1);
  const item = (id: string, title: string, state: CheckItem['state'], evidence: string): CheckItem => ({
    id,
    title,
    state,
    evidence,
    at: now,
  });
  return [
    signed === undefined
      ? item('signedOff', 'The cutover is signed off', 'open', 'Nobody signed it off.')
      : item(
          'signedOff',
          'The cutover is signed off',
          'done',
          `Signed off by ${signed.by}, cutover at ${iso(signed.cutoverAt)}.`,
        ),
    lastWriteItem(overview, seen, item),
    requestsItem(plan.source.name, seen, item),
    last === undefined
      ? item('verified', 'Both services were found equal', 'open', 'Nobody verified them as a whole.')
      : item(
          'verified',
          'Both services were found equal',
          last.outcome === 'equal' ? 'done' : 'open',
          `The last verification (${last.depth}) ended ${last.outcome === 'equal' ? 'equal' : last.outcome} at ${iso(last.endedAt)}.`,
        ),
    cleanups.length === 0
      ? item('cleanedUp', 'What the migration made is cleaned up', 'open', 'Nothing was cleaned up.')
      : item(
          'cleanedUp',
          'What the migration made is cleaned up',
          Object.keys(cleanups.at(-1)?.kept ?? {}).length === 0 ? 'done' : 'open',
          `Last clean-up at ${iso(cleanups.at(-1)?.at ?? now)}.`,
        ),
    item(
      'report',
      'The report is kept',
      'byHand',
      'Save it with the records of the change: it holds the hash of the journal.',
    ),
    item(
      'retention',
      'Legal retention and audit logs are clear',
      'byHand',
      `Diagnostic logs of ${plan.source.name} end with it: export what must be kept.`,
    ),
    item(
      'delete',
      'The source is deleted',
      'byHand',
      `Delete ${plan.source.name} in the Azure portal, and its role assignments, private endpoints and key vault keys that nothing else uses.`,
    ),
  ];
}

type MakeItem = (id: string, title: string, state: CheckItem['state'], evidence: string) => CheckItem;

function lastWriteItem(
  { finish, cutover, plan }: MigrationOverview,
  { lastWrite }: SourceSeen,
  item: MakeItem,
): CheckItem {
  const title = 'Nothing was written to the source since the cutover';
  const since = cutover?.signedOff?.cutoverAt ?? finish?.frozenAt;
  if (typeof lastWrite === 'string') return item('lastWrite', title, 'unknown', lastWrite);
  if ('retired' in lastWrite)
    return item('lastWrite', title, 'done', `${plan.source.name} is retired: nobody can write to it.`);
  if (since === undefined)
    return item('lastWrite', title, 'unknown', 'There was no cutover that its last write could be compared with.');
  if (lastWrite.at === undefined) return item('lastWrite', title, 'done', `${plan.source.name} holds nothing.`);
  return lastWrite.at <= since
    ? item(
        'lastWrite',
        title,
        'done',
        `Its last write is of ${iso(lastWrite.at)}, the cutover of ${iso(since)} (newest version in its history).`,
      )
    : item(
        'lastWrite',
        title,
        'open',
        `It was written to at ${iso(lastWrite.at)}, after the cutover of ${iso(since)}: somebody still uses it.`,
      );
}

function requestsItem(name: string, { requests }: SourceSeen, item: MakeItem): CheckItem {
  const title = 'Nobody asks the source any more';
  if (typeof requests === 'string') return item('requests', title, 'unknown', requests);
  if (requests === undefined) return item('requests', title, 'unknown', `Azure Monitor has no figure for ${name}.`);
  return item(
    'requests',
    title,
    requests === 0 ? 'done' : 'open',
    `${requests.toLocaleString('en')} requests to ${name} in the last six hours (Azure Monitor; this program's own are among them).`,
  );
}
