import type { Staging } from '../../azure/staging.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { HostFact } from '../../engine/events.ts';
import type { Plan } from '../../engine/plan.ts';
import { scopeSince, scopeTill } from '../../engine/windows/semantics.ts';
import { FailureError, toFailure } from '../../failure/failure.ts';
import { earliest } from '../../fhir/earliest.ts';
import type { Clients } from '../clients.ts';
import { ledgerVerification } from './ledgerVerification.ts';
import { notesOf, outcomeOf } from './conclusion.ts';
import { openService, type OpenService, openSource } from './openSides.ts';
import { type VerificationCheckpoint, requestDigest } from './checkpoint.ts';
import { differenceKey, recordOf } from './record.ts';
import { beganOf, conflictsBeyond, isTargetInUse, withOrigin } from './targetWrites.ts';
import type { Verification, VerificationRequest, VerificationWatch } from './verification.ts';
import { typeByType } from './typeByType.ts';
import { verifyContent } from './verifyContent.ts';
import { verifySample } from './verifySample.ts';
import { type Compared, type Comparison, verifyRanges } from './verifyServices.ts';

export interface VerifySurroundings {
  readonly clients: Clients;
  readonly stagingOf: (plan: Plan) => Staging;
  readonly overviewOf: (id: NonNullable<VerificationRequest['migration']>) => Promise<MigrationOverview>;
  /** Journals a fact of a migration. */
  readonly tell: (id: NonNullable<VerificationRequest['migration']>, fact: HostFact) => Promise<void>;
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * Compares a source with its target at a depth. Of a migration the numbers are journalled, nothing else is stored.
 * @throws FailureError `invalidInput` for a request that cannot be answered, or why a service does not answer
 */
export async function verify(
  request: VerificationRequest,
  around: VerifySurroundings,
  signal: AbortSignal,
  watch: VerificationWatch,
): Promise<Verification> {
  const proved = request.migration === undefined ? undefined : await around.overviewOf(request.migration);
  const result =
    request.depth === 'ledger'
      ? ledgerVerification(proved, around.now(), around.now)
      : await verifyData(request, proved, around, signal, watch);
  if (proved === undefined) return result;
  const fact: HostFact = { kind: 'verificationRecorded', at: around.now(), verification: recordOf(result) };
  try {
    await around.tell(proved.id, fact);
  } catch (error) {
    const { message } = toFailure(error);
    return { ...result, notes: [...result.notes, `This result could not be kept in the journal: ${message}`] };
  }
  return result;
}

async function verifyData(
  request: VerificationRequest,
  proved: MigrationOverview | undefined,
  around: VerifySurroundings,
  signal: AbortSignal,
  { progress = () => undefined, checkpoint = () => undefined }: VerificationWatch,
): Promise<Verification> {
  const resume = checkedResume(request);
  const startedAt = resume?.startedAt ?? around.now();
  const target = await openService(await around.clients.of(request.target, signal), signal);
  const source = await openSource(request.source, proved, around, signal);
  const services = source.service === undefined ? [target] : [source.service, target];
  const range = resume ?? (await rangeOf(request, proved, services, signal));
  const types = typesOf(request, proved, [...source.types, ...target.types]);
  const comparison: Comparison = {
    source: source.side,
    target: target.side,
    types,
    since: range.since,
    till: range.till,
    first: range.first,
    ids: request.ids === true,
    began: proved === undefined ? undefined : beganOf(proved),
    history: source.history ?? request.history ?? proved?.plan.scope.history === true,
    progress,
    ...(resume === undefined ? {} : { done: resume.types }),
    checkpoint: (done) => checkpoint({ v: 1, of: requestDigest(request), ...startOf(range), startedAt, types: done }),
  };
  const compare = request.depth === 'range' && request.ids !== true ? verifyRanges : verifyContent;
  const compared =
    request.sample !== undefined
      ? await verifySample(comparison, request.sample, around.random, signal)
      : {
          ...(await (source.side.serial === true
            ? typeByType(comparison, compare, signal)
            : compare(comparison, signal))),
          sample: undefined,
        };
  const result = {
    depth: request.sample === undefined ? request.depth : 'content',
    sourceName: request.source.name,
    targetName: request.target.name,
    truth: source.truth,
    since: range.since,
    till: range.till,
    startedAt,
    endedAt: around.now(),
    ...(proved === undefined ? compared : await withConflicts(compared, comparison, request, proved, around, signal)),
  } as const;
  const known = withAccepted(result, proved);
  return { ...known, outcome: outcomeOf(known), notes: notesOf(known, comparison) };
}

/** Adds what the target wrote after the end, and tells what it wrote itself from what was exported. */
async function withConflicts<T extends Compared>(
  compared: T,
  comparison: Comparison,
  request: VerificationRequest,
  proved: MigrationOverview,
  around: VerifySurroundings,
  signal: AbortSignal,
): Promise<T> {
  const isWhole = request.till === undefined && request.sample === undefined && !isTargetInUse(proved);
  const beyond = isWhole ? await conflictsBeyond(comparison, signal) : { differences: [], truncated: false };
  // It may have been found before the end, too, where its older version is missing.
  const known = new Set(compared.differences.map(({ type, id }) => `${type}/${id}`));
  const all = [...compared.differences, ...beyond.differences.filter(({ type, id }) => !known.has(`${type}/${id}`))];
  const differences = await withOrigin(all, proved, () => around.stagingOf(proved.plan), signal);
  return { ...compared, differences, truncated: compared.truncated || beyond.truncated };
}

const startOf = ({ since, till, first }: Pick<Comparison, 'since' | 'till' | 'first'>) => ({
  ...(since === undefined ? {} : { since }),
  till,
  first,
});

function checkedResume(request: VerificationRequest): (VerificationCheckpoint & Pick<Comparison, 'since'>) | undefined {
  const { resume } = request;
  if (resume === undefined) return undefined;
  if (resume.of !== requestDigest(request))
    throw new FailureError({
      kind: 'invalidInput',
      message: 'The verification that was interrupted was of something else.',
      nextStep: 'Verify from the beginning.',
    });
  return { ...resume, since: resume.since };
}

/** Differences that somebody accepted carry their reason. */
function withAccepted<T extends Pick<Verification, 'differences'>>(
  result: T,
  proved: MigrationOverview | undefined,
): T {
  const accepted = proved?.verification.accepted ?? {};
  if (proved === undefined || Object.keys(accepted).length === 0) return result;
  return {
    ...result,
    differences: result.differences.map((difference) => {
      const because = accepted[differenceKey(proved.id, difference)];
      return because === undefined ? difference : { ...difference, accepted: because };
    }),
  };
}

function typesOf(
  request: VerificationRequest,
  proved: MigrationOverview | undefined,
  known: readonly string[],
): readonly string[] {
  const types = request.types ?? proved?.plan.scope.resourceTypes ?? [...new Set(known)].sort();
  return proved?.plan.options.searchParameters === false ? types.filter((type) => type !== 'SearchParameter') : types;
}

/** An end that was asked for wins over the watermark; nobody can look past a server's own now. */
async function rangeOf(
  request: VerificationRequest,
  proved: MigrationOverview | undefined,
  services: readonly OpenService[],
  signal: AbortSignal,
): Promise<Pick<Comparison, 'since' | 'till' | 'first'>> {
  const since = request.since ?? (proved === undefined ? undefined : scopeSince(proved.plan));
  const planned = proved === undefined ? [] : [proved.watermark, scopeTill(proved.plan)];
  const ends = request.till === undefined ? planned : [request.till];
  const till = Math.min(...[...ends, ...services.map(({ now }) => now)].map((end) => end ?? Infinity));
  if (since !== undefined && since >= till)
    throw new FailureError({ kind: 'invalidInput', message: 'The range to verify ends before it begins.' });
  const begins =
    since === undefined
      ? await Promise.all(services.map(({ client }) => earliest(client, 'current', signal)))
      : [since];
  return { since, till, first: Math.min(till, ...begins.map((begin) => begin ?? Infinity)) };
}
