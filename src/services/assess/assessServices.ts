import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { assess } from '../../assess/assess.ts';
import { SampleReader, type SampleFacts } from '../../assess/sample.ts';
import type { ServiceSnapshot } from '../../assess/snapshot.ts';
import { FailureError } from '../../failure/failure.ts';
import { knownService, type SideOptions } from '../compare/side.ts';
import type { Assessment, AssessmentInput } from './contract.ts';
import { gatherSnapshot, type SnapshotInput } from './gatherSnapshot.ts';
import { probe } from '../preflight/probe.ts';
import { trialExport, type TrialSurroundings } from './trialExport.ts';

/**
 * Takes a snapshot of a source, with or without a target, and judges it. Nothing is written anywhere, unless a trial
 * export was asked for, which writes to the staging account.
 * @throws FailureError for a service given by id or address that cannot be found, `invalidInput` for a sample that
 * cannot be read, `cancelled`
 */
export async function assessServices(
  { source, target, sampleFiles = [], trialDays }: AssessmentInput,
  options: Omit<SideOptions, 'findStaged'> & Pick<TrialSurroundings, 'stagingAt'> & Pick<SnapshotInput, 'overviews'>,
): Promise<Assessment> {
  const { clients, arm, overviews, signal } = options;
  const local = sampleFiles.length === 0 ? undefined : await readSample(sampleFiles, signal);
  const [from, to] = await Promise.all([
    knownService(source, options),
    target === undefined ? undefined : knownService(target, options),
  ]);
  const sample = await probe(
    trialDays === undefined ? 'sample' : `trial export of ${trialDays} days`,
    async () => local ?? (trialDays === undefined ? noSample() : trialExport(from.service, trialDays, options, signal)),
  );
  const snapshot = await gatherSnapshot(
    { source: from, target: to, sample, overviews },
    clients,
    arm,
    Date.now(),
    signal,
  );
  return {
    takenAt: snapshot.takenAt,
    source: named(snapshot.source),
    target: snapshot.target && named(snapshot.target),
    counts: snapshot.source.counts.ok ? snapshot.source.counts.value : undefined,
    dataBytes: snapshot.source.metrics.ok ? snapshot.source.metrics.value.dataBytes : undefined,
    findings: assess(snapshot),
  };
}

const noSample = (): never => {
  throw new FailureError({ kind: 'invalidInput', message: 'No sample of exported content was given.' });
};

const named = ({ name, endpoint }: ServiceSnapshot): Assessment['source'] => ({ name, endpoint });

async function readSample(files: readonly string[], signal: AbortSignal): Promise<SampleFacts> {
  const reader = new SampleReader();
  for (const file of files) {
    try {
      const lines = createInterface({
        input: createReadStream(file, { encoding: 'utf8', signal }),
        crlfDelay: Infinity,
      });
      for await (const line of lines) reader.add(line);
    } catch (error) {
      if (signal.aborted) throw new FailureError({ kind: 'cancelled', message: 'Cancelled.' }, { cause: error });
      throw new FailureError(
        {
          kind: 'invalidInput',
          message: `A file of the sample cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
          nextStep: 'Give NDJSON files as an export writes them.',
        },
        { cause: error },
      );
    }
  }
  return reader.facts();
}
