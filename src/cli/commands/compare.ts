import {
  type Aspect,
  type AspectComparison,
  aspects,
  type ComparedEntry,
  entryKey,
  type EntryState,
  hasFailed,
  isDrift,
} from '../../compare/comparison.ts';
import { sameOfMany } from '../../compare/sameOfMany.ts';
import type { PlanService } from '../../engine/plan.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { planIn, UsageError, type Session } from '../session.ts';
import { stagingIn, type StagingOption } from '../stagingOption.ts';

export interface CompareOptions extends StagingOption {
  readonly source?: string;
  readonly target?: string;
  /** Names both services, and what was set aside of their differences. */
  readonly plan?: string;
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

const unusedWords: Readonly<Record<NonNullable<ComparedEntry['unused']>, string>> = {
  notIndexed: 'NOT INDEXED',
  unsupported: 'UNSUPPORTED',
  retired: 'RETIRED',
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
  const { source, target, setAside } = await comparedIn(options);
  const comparison = await services.compare(source, target, aspects, signal, staging);
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
    const open = result.entries.filter((entry) => isDrift(entry) && !setAside.has(entryKey(result.aspect, entry)));
    drifts += open.length;
    if (result.notes?.length) output.record('note', { aspect: result.aspect, notes: result.notes });
    tell(result, open.length, setAside, output);
  }
  output.record('compared', { source: comparison.source, target: comparison.target, drift: drifts, complete: !failed });
  if (failed) return exitCodes.failed;
  return drifts > 0 ? exitCodes.needsAttention : exitCodes.success;
}

function tell(
  { aspect, entries, sourceFrom, notes = [] }: AspectComparison,
  count: number,
  setAside: ReadonlySet<string>,
  output: Session['output'],
): void {
  output.line(`${titles[aspect]}: ${count === 0 ? 'no drift' : `${count} ${count === 1 ? 'drift' : 'drifts'}`}`);
  if (sourceFrom === 'stagedFiles') output.line('  The source refuses to be read; its exported files stand for it.');
  for (const note of notes) output.line(`  ${note}`);
  const shown = entries.filter((entry) => {
    const aside = setAside.has(entryKey(aspect, entry));
    output.record('entry', { aspect, drift: isDrift(entry), ...(aside ? { setAside: true } : {}), ...entry });
    return entry.state !== 'copied' && !aside;
  });
  const { together, alone } = sameOfMany(shown, (entry) => entry);
  for (const { what, items } of together)
    for (const line of linesOf(items[0], `${items.length} types › ${what.join(' › ')}`)) output.line(line);
  for (const entry of alone) for (const line of linesOf(entry, entry.path.join(' › '))) output.line(line);
}

function linesOf(entry: ComparedEntry | undefined, name: string): readonly string[] {
  if (entry === undefined) return [];
  const sides = isDrift(entry) || entry.state === 'notPossible' ? (['source', 'target'] as const) : [];
  return [
    `  ${(entry.unused === undefined ? words[entry.state] : unusedWords[entry.unused]).padEnd(14)}  ${name}`,
    ...sides.flatMap((side) => {
      const value = entry[side];
      return value === undefined ? [] : [`                  ${side}: ${shortened(value)}`];
    }),
  ];
}

/** @throws UsageError unless either a plan or both services are given */
async function comparedIn({ plan, source, target }: CompareOptions): Promise<{
  readonly source: string;
  readonly target: string;
  readonly setAside: ReadonlySet<string>;
}> {
  if (plan !== undefined) {
    if (source !== undefined || target !== undefined)
      throw new UsageError('Give either --plan, or --source and --target.');
    const read = await planIn(plan);
    const named = ({ resourceId, endpoint }: PlanService): string => resourceId ?? endpoint;
    return { source: named(read.source), target: named(read.target), setAside: new Set(read.setAside) };
  }
  if (source === undefined || target === undefined) throw new UsageError('Give --plan, or both --source and --target.');
  return { source, target, setAside: new Set() };
}

const shortened = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text);

function aspectsIn(given: readonly string[] | undefined): readonly Aspect[] | undefined {
  const unknown = given?.find((one) => !aspects.some((aspect) => aspect === one));
  if (unknown !== undefined)
    throw new UsageError(`--what knows no ${unknown}. Choose among ${compareOptions.join(', ')}.`);
  return given === undefined ? undefined : aspects.filter((aspect) => given.includes(aspect));
}
