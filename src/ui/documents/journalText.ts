import type { StoredRecord } from '../../engine/ports.ts';

/** Longest journal that is shown whole; of a longer one, the end. */
const recordsShown = 20_000;

/** A journal as JSON lines, each with its number. Records that are not JSON are shown as texts. */
export function journalText(records: readonly StoredRecord[]): string {
  const left = records.length - recordsShown;
  const lines = records.slice(-recordsShown).map(({ sequence, text }) => {
    let record: unknown = text;
    try {
      record = JSON.parse(text);
    } catch {
      // A damaged record is what somebody may be looking for.
    }
    return JSON.stringify({ sequence, ...timeOf(record), record });
  });
  const note = left > 0 ? [JSON.stringify({ note: `${left} earlier records are not shown.` })] : [];
  return [...note, ...lines].join('\n').concat('\n');
}

/** The instant of an event as people read it, in UTC, so that it can be laid beside the logs of a service. */
function timeOf(record: unknown): { readonly time?: string } {
  const at = typeof record === 'object' && record !== null && 'at' in record ? record.at : undefined;
  return typeof at === 'number' && Math.abs(at) < 8.64e15 ? { time: new Date(at).toISOString() } : {};
}
