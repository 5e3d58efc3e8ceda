import type { DefinitionCopy } from '../../fhir/copyDefinitions.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import type { Session } from '../session.ts';
import { stagingIn, type StagingOption } from '../stagingOption.ts';

export interface CopyProfilesOptions extends StagingOption {
  readonly source: string;
  readonly target: string;
  readonly only?: readonly string[];
  readonly overwrite?: readonly string[];
}

/** Copies profiles, value sets and code systems, each told as it is done: 0 when all are on the target, 1 when some are not. */
export async function copyProfiles(session: Session, options: CopyProfilesOptions): Promise<ExitCode> {
  const { services, output, signal } = session;
  const { source, target, only, overwrite } = options;
  const choice = {
    ...(only === undefined ? {} : { only }),
    ...(overwrite === undefined ? {} : { overwrite }),
    ...(await stagingIn(session, options)),
  };
  let told = 0;
  const tell = (one: DefinitionCopy): void => {
    told += 1;
    output.record('definition', one);
    output.line(`${one.outcome.padEnd(12)}  ${one.type.padEnd(19)}  ${one.key}`);
    if (one.failure !== undefined) output.failure(one.failure);
  };
  const copied = await services.profiles.copy(source, target, choice, tell, signal);
  copied.slice(told).forEach(tell);
  if (signal.aborted) return exitCodes.interrupted;
  if (copied.length === 0) output.line('The source has no profiles, value sets or code systems.');
  return copied.some(({ outcome }) => outcome === 'failed') ? exitCodes.needsAttention : exitCodes.success;
}
