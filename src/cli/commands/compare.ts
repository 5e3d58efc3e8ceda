import {
  type Aspect,
  type AspectComparison,
  aspects,
  type EntryState,
  hasFailed,
  isDrift,
} from '../../compare/comparison.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { UsageError, type Session } from '../session.ts';
import { stagingIn, type StagingOption } from '../stagingOption.ts';

export interface CompareOptions extends StagingOption {
  readonly source: string;
  readonly target: string;
  readonly what?: readonly string[];
}

/** What `--what` takes. */
export const compareOptions: readonly Aspect[] = aspects;

const titles: Readonly<Record<Aspect, string>> = {
  configuration: 'Configuration',
  capabilities: 'Capability statement',
  searchParameters: 'Search parameters',
  profiles: 'Profiles and terminology',
  roles: 'Role assignments',
  diagnostics: 'Diagnostic settings and locks',
};

const words: Readonly<Record<EntryState, string>> = {
  copied: 'same',
  adapted: 'adapted',
  byDesign: 'by design',
  notPossible: 'not possible',
  different: 'DIFFERENT',
  missing: 'MISSING',
  onlyOnTarget: 'ONLY ON TARGET',
};

/** Compares two services: 0 without drift, 1 with drift, 2 when something could not be compared. */
export async function compare(session: Session, options: CompareOptions): Promise<ExitCode> {
  const { services, output, signal } = session;
  const aspects = aspectsIn(options.what);
  const { staging } = await stagingIn(session, options);
  const comparison = await services.compare(options.source, options.target, aspects, signal, staging);
  output.line(`${comparison.source.name} compared with ${comparison.target.name}`);
  let [drifts, failed] = [0, false];
  for (const result of comparison.aspects) {
    output.line('');
    if (hasFailed(result)) {
      failed = true;
      output.line(`${titles[result.aspect]}: not compared`);
      output.failure(result.failure);
      continue;
    }
    drifts += result.entries.filter(isDrift).length;
    tell(result, output);
  }
  output.record('compared', { source: comparison.source, target: comparison.target, drift: drifts, complete: !failed });
  if (failed) return exitCodes.failed;
  return drifts > 0 ? exitCodes.needsAttention : exitCodes.success;
}

function tell({ aspect, entries, sourceFrom }: AspectComparison, output: Session['output']): void {
  const count = entries.filter(isDrift).length;
  output.line(`${titles[aspect]}: ${count === 0 ? 'no drift' : `${count} ${count === 1 ? 'drift' : 'drifts'}`}`);
  if (sourceFrom === 'stagedFiles') output.line('  The source refuses to be read; its exported files stand for it.');
  for (const entry of entries) {
    output.record('entry', { aspect, drift: isDrift(entry), ...entry });
    if (entry.state === 'copied') continue;
    output.line(`  ${words[entry.state].padEnd(14)}  ${entry.path.join(' › ')}`);
    if (!isDrift(entry) && entry.state !== 'notPossible') continue;
    for (const [side, value] of [['source', entry.source] as const, ['target', entry.target] as const])
      if (value !== undefined) output.line(`                  ${side}: ${shortened(value)}`);
  }
}

const shortened = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text);

function aspectsIn(given: readonly string[] | undefined): readonly Aspect[] | undefined {
  const unknown = given?.find((one) => !aspects.some((aspect) => aspect === one));
  if (unknown !== undefined)
    throw new UsageError(`--what knows no ${unknown}. Choose among ${compareOptions.join(', ')}.`);
  return given === undefined ? undefined : aspects.filter((aspect) => given.includes(aspect));
}
