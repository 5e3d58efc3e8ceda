import { FailureError, type Failure } from '../../failure/failure.ts';
import { exportRequest } from '../exports/exportRequest.ts';
import { foldersOf, pathsOf } from '../exports/manifest.ts';
import type { ExportManifest, Instant } from '../ports.ts';
import type { MigrationState, Probe } from '../state/state.ts';
import { scopeSince, scopeTill } from '../windows/semantics.ts';
import { letGo } from './cancelling.ts';
import type { RunContext } from './context.ts';

const second = 1_000;
const minute = 60 * second;
const day = 1_440 * minute;
/** Ranges of ever more data, until one holds something; after them everything. */
const spans = [minute, 60 * minute, day, 30 * day];
const pollEvery = 5 * second;

/**
 * Exports a little as the plan wants it de-identified, and looks whether the source marked what it changed. Nothing is
 * exported or imported before. Throws what it finds otherwise, which halts the migration.
 */
export async function proveDeidentification(context: RunContext, signal: AbortSignal): Promise<void> {
  for (;;) {
    const probe = context.state().probe ?? (await start(context, signal));
    const manifest = await endOf(context, probe, signal);
    for (const { url } of manifest.output) context.staging.checkAddress(url);
    const seen = await context.staging.markedLines(manifest.output, signal);
    if (seen.lines === 0 && (context.state().probes ?? 0) < spans.length) {
      await context.record({ kind: 'probeEnded', at: context.clock.now(), empty: true });
      continue;
    }
    if (seen.lines > 0 && seen.marked === 0) {
      await context.record({ kind: 'probeEnded', at: context.clock.now(), empty: false });
      throw new FailureError(unmarked(context.state(), seen.lines));
    }
    const { staging } = context.state().plan;
    const folders = foldersOf(
      pathsOf(
        manifest.output.map(({ url }) => url),
        staging,
      ),
    );
    await context.record({ kind: 'deidentificationProven', at: context.clock.now(), folders, ...seen });
    return;
  }
}

/** Cancels a probe whose result nobody wants any more. */
export async function cancelProbe(context: RunContext, signal: AbortSignal): Promise<void> {
  const { probe } = context.state();
  if (probe === undefined) return;
  await letGo(context, { kind: 'export', statusUrl: probe.statusUrl }, signal);
  await context.record({ kind: 'probeEnded', at: context.clock.now(), empty: false });
}

async function start(context: RunContext, signal: AbortSignal): Promise<Probe> {
  const state = context.state();
  const range = rangeOf(state, context.clock.now() + (state.source?.clockOffset ?? 0));
  const request = exportRequest(state.plan, range, state.plan.options.maxCount);
  const { statusUrl, jobId } = await context.source.startExport(request, signal);
  await context.record({ kind: 'probeStarted', at: context.clock.now(), statusUrl, jobId });
  return { statusUrl, jobId };
}

/** The first data where the beginning is known, else the last. */
function rangeOf(state: MigrationState, serverNow: Instant): { readonly since?: Instant; readonly till: Instant } {
  const { plan, source, probes = 0 } = state;
  const end = Math.min(serverNow, scopeTill(plan) ?? serverNow);
  const begin = scopeSince(plan) ?? source?.earliest;
  const span = spans[probes];
  if (span === undefined) return { till: end, ...(begin === undefined ? {} : { since: begin }) };
  if (begin === undefined) return { since: end - span, till: end };
  return { since: begin, till: Math.min(begin + span, end) };
}

async function endOf(context: RunContext, { statusUrl }: Probe, signal: AbortSignal): Promise<ExportManifest> {
  for (;;) {
    const status = await context.source.exportStatus(statusUrl, signal);
    switch (status.state) {
      case 'completed':
        return status.manifest;
      case 'failed':
      case 'gone':
        await context.record({ kind: 'probeEnded', at: context.clock.now(), empty: false });
        throw new FailureError(refused(status.failure));
      case 'running':
        await context.clock.sleep(status.retryAfterMs ?? pollEvery, signal);
        if (signal.aborted) throw new FailureError({ kind: 'cancelled', message: 'Cancelled.' });
    }
  }
}

function refused(failure: Failure): Failure {
  return {
    ...failure,
    nextStep:
      failure.nextStep ??
      'Check the configuration in the container anonymization of the staging account and its ETag in the plan, then resume. Nothing was imported.',
  };
}

function unmarked({ plan }: MigrationState, lines: number): Failure {
  return {
    kind: 'rejected',
    message: `A probe export of ${lines} resources shows no sign that the source de-identified them.`,
    service: plan.source.name,
    nextStep:
      'Check that the configuration applies to these resource types, write a plan with the corrected one, and start again. Nothing was imported.',
  };
}
