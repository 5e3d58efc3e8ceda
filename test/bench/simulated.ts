import { noObservations } from '../../src/engine/decide/observations.ts';
import { decodeEvent } from '../../src/engine/journal/eventFormat.ts';
import { overview } from '../../src/engine/overview.ts';
import type { PlanInput } from '../../src/engine/plan.ts';
import { day, minute, start, World } from '../unit/engine/simulation/world.ts';

export interface Simulation {
  readonly windows: number;
  /** Milliseconds that an export takes, from its acceptance; `at`: when it was asked for. */
  readonly exportTime: (lines: number, job: number, at: number) => number;
  /** The same of an import, which may hold the lines of several windows. */
  readonly importTime: (lines: number, job: number, at: number) => number;
  /** Resources of one window; default 40. */
  readonly linesPerWindow?: number;
  /** Bytes of one line; default: 40 lines stand for a window of 400 MB. */
  readonly bytesPerLine?: number;
  /** Default: one, so that the import of a window is one job. */
  readonly types?: readonly string[];
  readonly limits?: PlanInput['limits'];
  readonly options?: PlanInput['options'];
}

export interface SimulatedRun {
  readonly minutes: number;
  readonly windows: number;
  readonly exports: number;
  readonly imports: number;
  /** Requests to both FHIR services. */
  readonly fhirCalls: number;
  /** Looks at exports and imports. */
  readonly looks: number;
  readonly appends: number;
  /** How long after the end of each operation it was noticed, milliseconds, in the order of their ends. */
  readonly delays: { readonly export: readonly number[]; readonly import: readonly number[] };
}

/** Requests that go to the staging account. */
const staged = new Set(['list folders', 'list files', 'read errors', 'staged search parameters']);

const usualLines = 40;

/** Times of windows of which every one has the same: an import of several takes as long as its windows together. */
export function equalTimes(
  exportMinutes: number,
  importMinutes: number,
): Pick<Simulation, 'exportTime' | 'importTime'> {
  return {
    exportTime: () => exportMinutes * minute,
    importTime: (lines) => (lines / usualLines) * importMinutes * minute,
  };
}

/**
 * The engine against simulated services on a virtual clock: windows of one day. The range ends in the past, so that
 * nothing but these windows is moved.
 */
export async function simulate(simulation: Simulation): Promise<SimulatedRun> {
  const { windows, linesPerWindow = usualLines, types = ['Observation'] } = simulation;
  let appends = 0;
  const ends = new Map<string, number>();
  const timed =
    (kind: string, time: Simulation['exportTime']) =>
    (lines: number, job: number): number => {
      const now = world.clock.now();
      const length = time(lines, job, now);
      ends.set(`${kind} ${job}`, now + length);
      return length;
    };
  const world: World = new World({
    plan: {
      scope: { since: new Date(start - windows * day).toISOString(), till: new Date(start).toISOString() },
      limits: { windowDays: 1, joinBelowResources: 0, windowsInFlight: 200, ...simulation.limits },
      options: { safetyLagSeconds: 0, ...simulation.options },
    },
    exports: {
      flavour: 'ahds',
      skew: 0,
      duration: timed('export', simulation.exportTime),
      linesPerFile: linesPerWindow,
    },
    imports: { duration: timed('import', simulation.importTime) },
    bytesPerLine: simulation.bytesPerLine ?? 10_000_000,
    trouble: ({ name }) => {
      if (name === 'append') appends += 1;
      return undefined;
    },
  });
  for (let index = 0; index < windows * linesPerWindow; index += 1) {
    const at = start - windows * day + Math.floor((index * day) / linesPerWindow);
    // Neighbours go to different types, and every window holds all of them.
    world.source.store.write(types[index % types.length] ?? 'Patient', `r${index}`, at, false, 'content');
  }
  await world.create();
  const { state } = await world.drive();
  const seen = overview(state, noObservations, world.clock.now());
  if (seen.phase !== 'complete') throw new Error(`The simulated migration ended in ${seen.phase}.`);
  let fhirCalls = 0;
  for (const [name, count] of world.calls) if (!staged.has(name)) fhirCalls += count;
  return {
    minutes: (world.clock.now() - start) / minute,
    windows: seen.windows.length,
    exports: world.source.jobs.length,
    imports: world.target.jobs.length,
    fhirCalls,
    looks: (world.calls.get('export status') ?? 0) + (world.calls.get('import status') ?? 0),
    appends,
    delays: delaysOf(world, ends),
  };
}

/** The journal says when each end was noticed, and the simulated services when it was. */
function delaysOf(world: World, ends: ReadonlyMap<string, number>): SimulatedRun['delays'] {
  const jobs = new Map<string, string>();
  const delays = { export: [] as number[], import: [] as number[] };
  for (const { sequence, text } of world.journal.records) {
    const event = decodeEvent(text, sequence);
    switch (event.kind) {
      case 'exportAccepted':
      case 'importAccepted':
        jobs.set(event.operation, event.jobId);
        break;
      case 'exportCompleted':
      case 'importCompleted': {
        const kind = event.kind === 'exportCompleted' ? 'export' : 'import';
        const models = kind === 'export' ? world.source.jobs : world.target.jobs;
        const job = models.find(({ id }) => id === jobs.get(event.operation));
        const end = ends.get(`${kind} ${job?.number ?? 0}`);
        if (end !== undefined) delays[kind].push(event.at - end);
        break;
      }
      default:
        break;
    }
  }
  return delays;
}
