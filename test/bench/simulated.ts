import { noObservations } from '../../src/engine/decide/observations.ts';
import { overview } from '../../src/engine/overview.ts';
import { day, minute, start, World } from '../unit/engine/simulation/world.ts';

export interface SimulatedRun {
  readonly minutes: number;
  readonly windows: number;
  /** Requests to both FHIR services. */
  readonly fhirCalls: number;
  readonly appends: number;
}

/** Requests that go to the staging account. */
const staged = new Set(['list folders', 'list files', 'read errors', 'staged search parameters']);

/** Resources of one window; an import of several takes as long as its windows together. */
const perWindow = 40;

/**
 * The engine against simulated services on a virtual clock: windows of one day, each export and each window's import of
 * a given length. The range ends in the past, so that nothing but these windows is moved.
 */
export async function simulate(
  windows: number,
  exportMinutes: number,
  importMinutes: number,
  importsAtOnce: number,
): Promise<SimulatedRun> {
  let appends = 0;
  const world: World = new World({
    plan: {
      scope: { since: new Date(start - windows * day).toISOString(), till: new Date(start).toISOString() },
      limits: { windowDays: 1, joinBelowResources: 0, exportsAtOnce: 1, importsAtOnce },
      options: { safetyLagSeconds: 0 },
    },
    exports: { flavour: 'ahds', skew: 0, duration: () => exportMinutes * minute, linesPerFile: perWindow },
    imports: { duration: (lines) => (lines / perWindow) * importMinutes * minute },
    trouble: ({ name }) => {
      if (name === 'append') appends += 1;
      return undefined;
    },
  });
  for (let index = 0; index < windows * perWindow; index += 1) {
    const at = start - windows * day + Math.floor((index * day) / perWindow);
    world.source.store.write(index % 2 === 0 ? 'Patient' : 'Observation', `r${index}`, at, false, 'content');
  }
  await world.create();
  const { state } = await world.drive();
  const seen = overview(state, noObservations, world.clock.now());
  if (seen.phase !== 'complete') throw new Error(`The simulated migration ended in ${seen.phase}.`);
  if (seen.windows.length !== windows) throw new Error(`${seen.windows.length} windows instead of ${windows}.`);
  let fhirCalls = 0;
  for (const [name, count] of world.calls) if (!staged.has(name)) fhirCalls += count;
  return { minutes: (world.clock.now() - start) / minute, windows, fhirCalls, appends };
}
