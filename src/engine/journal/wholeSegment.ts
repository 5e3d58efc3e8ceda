import type { MigrationId } from '../ids.ts';
import type { JournalContents } from '../ports.ts';
import { encodeLine } from './recordLine.ts';
import { segmentHeader, segmentName, snapshotName } from './segments.ts';

interface NamedBytes {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A journal as one segment and at most one snapshot. Its next driver leaves the first mark. */
export function wholeJournal(
  migration: MigrationId,
  { snapshot, records }: JournalContents,
): { readonly snapshot: NamedBytes | undefined; readonly segment: NamedBytes } {
  const lines = [
    encodeLine(0, 0, segmentHeader(migration)),
    ...records.map(({ sequence, text }) => encodeLine(0, sequence, text)),
  ];
  return {
    snapshot:
      snapshot === undefined
        ? undefined
        : { name: snapshotName(snapshot.sequence), bytes: encodeLine(0, snapshot.sequence, snapshot.text) },
    segment: { name: segmentName((snapshot?.sequence ?? 0) + 1), bytes: Buffer.concat(lines) },
  };
}
