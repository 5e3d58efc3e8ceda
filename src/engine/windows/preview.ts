import { windowLimits } from '../decide/planningActions.ts';
import type { Plan } from '../plan.ts';
import type { Instant } from '../ports.ts';
import { nextCounted, type CountedSearch } from './counted.ts';
import { scopeSince } from './semantics.ts';

/** A preview needs no more steps; a longer plan says that it goes on. */
const previewSteps = 40;

export interface PreviewedWindow {
  /** Inclusive; undefined: from the beginning. */
  readonly since: Instant | undefined;
  /** Exclusive. */
  readonly till: Instant;
  readonly expected: number | undefined;
}

export interface WindowPreview {
  readonly windows: readonly PreviewedWindow[];
  /** Where the preview ends; the plan's end when it is whole. */
  readonly seenTill: Instant;
  readonly whole: boolean;
}

/** The first windows that a plan will be cut into, oldest first, found by counts as the migration itself finds them. */
export async function previewWindows(
  plan: Plan,
  first: Instant,
  till: Instant,
  count: (since: Instant, till: Instant) => Promise<number | undefined>,
): Promise<WindowPreview> {
  const limits = windowLimits(plan);
  const windows: PreviewedWindow[] = [];
  let search: CountedSearch = { cursor: first, till, span: undefined, before: 'full' };
  for (let step = 0; step < previewSteps && search.cursor < till; step++) {
    const since = search.cursor;
    const found = await nextCounted(search, limits, (end) => count(since, end));
    const expected = found.kind === 'window' ? found.expected : 0;
    if (found.kind === 'window')
      windows.push({ since: windows.length === 0 ? scopeSince(plan) : since, till: found.till, expected });
    const before = expected === 0 ? 'empty' : expected !== undefined && expected < limits.most / 2 ? 'sparse' : 'full';
    search = { cursor: found.till, till, span: found.till - since, before };
  }
  return { windows, seenTill: search.cursor, whole: search.cursor >= till };
}

/**
 * Sizes of all windows of a plan: those that were counted, and for the rest of the range windows as long and as large as
 * the plan allows. Undefined when a window could not be counted and the total is not known either.
 * @param total everything that the windows hold together, where it is known
 */
export function windowSizes(
  { limits }: Plan,
  { windows, seenTill, whole }: WindowPreview,
  till: Instant,
  total: number | undefined,
): readonly number[] | undefined {
  const known = windows.flatMap(({ expected }) => expected ?? []);
  const seen = known.reduce((sum, each) => sum + each, 0);
  const rest = Math.max(0, (total ?? seen) - seen);
  const uncounted = windows.length - known.length;
  if (uncounted > 0 && total === undefined) return undefined;
  const longest = limits.windowDays * 86_400_000;
  const further = whole
    ? 0
    : Math.max(Math.ceil((till - seenTill) / longest), Math.ceil(rest / limits.windowResources));
  const unknown = uncounted + further;
  return unknown === 0 ? known : [...known, ...Array.from({ length: unknown }, () => rest / unknown)];
}
