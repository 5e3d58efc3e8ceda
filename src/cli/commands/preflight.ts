import type { Plan } from '../../engine/plan.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { preflightLines } from '../output/describe.ts';
import { planIn, type Session } from '../session.ts';

/** Runs every check of a plan file and shows it. */
export async function preflight(session: Session, options: { readonly plan: string }): Promise<ExitCode> {
  if (await passesPreflight(session, await planIn(options.plan))) return exitCodes.success;
  session.output.line(`What can be set: fhir-migration prepare --plan ${options.plan} --what-if`);
  return exitCodes.preflightFailed;
}

/** Runs the checks, shows them, and tells whether the migration may start. */
export async function passesPreflight({ services, output, signal }: Session, plan: Plan): Promise<boolean> {
  const report = await services.preflight(plan, signal, (check) => output.record('check', check));
  output.record('preflight', { ok: report.ok, source: report.source, clockSkewMs: report.clockSkewMs });
  for (const line of preflightLines(report)) output.line(line);
  return report.ok;
}
