import { withRehearsal } from '../../services/rehearsal/rehearsalRecord.ts';
import { writtenPrediction } from '../../services/prediction/predictionText.ts';
import { planService } from '../../services/planDraft.ts';
import type { ExitCode } from '../exitCodes.ts';
import { exitCodes } from '../exitCodes.ts';
import { predictionLines } from '../output/predictionLines.ts';
import { serviceAt } from '../serviceAt.ts';
import { checkInterrupted, planIn, UsageError, type Session } from '../session.ts';
import { codeOf, drive } from './migrate.ts';
import { keepRecords } from './predict.ts';
import { passesPreflight } from './preflight.ts';

export interface RehearseOptions {
  readonly plan: string;
  readonly days?: number;
  readonly resources?: number;
  readonly target?: string;
  readonly preflight: boolean;
}

/** Moves a slice of a plan, records it in the plan file, and predicts the whole by the rates that were seen. */
export async function rehearse(session: Session, options: RehearseOptions): Promise<ExitCode> {
  const { services, output, signal } = session;
  const { days, resources } = options;
  if ((days === undefined) === (resources === undefined))
    throw new UsageError('Give the slice with --days or with --resources.');
  const plan = await planIn(options.plan);
  const scratch =
    options.target === undefined ? undefined : planService(await serviceAt(services, options.target, signal));
  const slice = days === undefined ? { resources: resources ?? 0 } : { days };
  const rehearsal = await services.rehearsalPlan(plan, slice, scratch, signal);
  const { since, till } = rehearsal.scope;
  output.line(
    `Moving what ${plan.source.name} changed from ${since ?? ''} until ${till ?? ''} to ${rehearsal.target.name}.`,
  );
  if (options.preflight && !(await passesPreflight(session, rehearsal))) return exitCodes.preflightFailed;
  checkInterrupted(signal);
  const handle = await services.startMigration(rehearsal);
  output.record('started', { migration: handle.id, rehearsal });
  const code = await drive(session, handle);
  if (code === exitCodes.interrupted) return code;
  const { prediction } = await services.summarize(plan, signal);
  output.record('prediction', { plan: options.plan, ...prediction });
  for (const line of predictionLines(prediction)) output.line(line);
  await keepRecords(options.plan, {
    rehearsals: await withRehearsal(plan, handle),
    predictions: writtenPrediction(prediction, Date.now()),
  });
  output.line(`Kept in ${options.plan}.`);
  return codeOf(handle.overview());
}
