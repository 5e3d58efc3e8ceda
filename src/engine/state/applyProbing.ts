import type { EventOf } from '../events.ts';
import { note, type Draft } from './draft.ts';

export function applyProbeStarted(draft: Draft, { statusUrl, jobId }: EventOf<'probeStarted'>): void {
  draft.probe = { statusUrl, jobId };
  draft.exportJobs.add(jobId);
}

export function applyProbeEnded(draft: Draft, { empty }: EventOf<'probeEnded'>): void {
  draft.probe = undefined;
  // After a failure somebody may have changed the configuration: the next probe begins with little again.
  draft.probes = empty ? (draft.probes ?? 0) + 1 : 0;
}

export function applyDeidentificationProven(draft: Draft, event: EventOf<'deidentificationProven'>): void {
  const { lines, marked, folders } = event;
  draft.probe = undefined;
  draft.deidentified = { lines, marked, folders };
  note(
    draft,
    lines === 0
      ? 'The source holds nothing that a probe export could have shown to be de-identified.'
      : `A probe export showed that the source de-identifies: ${marked} of ${lines} resources bear its labels.`,
  );
}
