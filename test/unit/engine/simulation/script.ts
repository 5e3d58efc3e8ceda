import { day, minute, start, World, type WorldOptions } from './world.ts';
import type { ExportBehaviour } from './sourceModel.ts';
import type { Troublemaker } from './effects.ts';
import { seeded } from './virtualClock.ts';

export interface ScriptOptions extends Partial<Omit<WorldOptions, 'exports' | 'imports'>> {
  readonly flavour: ExportBehaviour['flavour'];
  readonly exports?: Partial<ExportBehaviour>;
  readonly imports?: Partial<WorldOptions['imports']>;
  readonly trouble?: Troublemaker;
  /** Resources at the start. */
  readonly resources?: number;
  /** Changes to the source while it is migrated. */
  readonly changes?: number;
  readonly seed?: number;
}

const types = ['Observation', 'Patient', 'SearchParameter'] as const;

/** A source of about half a year of data that goes on being written while it is migrated: adds, changes, deletes. */
export function scripted(options: ScriptOptions): World {
  const random = seeded(options.seed ?? 1);
  const world = new World({
    ...options,
    // Few resources in many windows.
    plan: { ...options.plan, limits: { joinBelowResources: 0, ...options.plan?.limits } },
    exports: {
      flavour: options.flavour,
      skew: 7_300,
      duration: () => (4 + 8 * random()) * minute,
      linesPerFile: 6,
      ...options.exports,
    },
    imports: { duration: () => (5 + 15 * random()) * minute, ...options.imports },
  });
  const { store } = world.source;
  const resources = options.resources ?? 60;
  for (let index = 0; index < resources; index += 1) {
    const type = types[index % 2] ?? 'Patient';
    const at = Math.floor(start - 170 * day + (index * 165 * day) / resources);
    store.write(type, `r${index}`, at, false, `content ${index}`);
    if (index % 5 === 0) store.write(type, `r${index}`, at + 3_600_000, false, `second ${index}`);
    if (index % 11 === 0) store.write(type, `r${index}`, at + 7_200_000, true, '');
  }
  const changes = options.changes ?? 24;
  for (let index = 0; index < changes; index += 1) {
    world.clock.at(Math.floor(start + (index + random()) * 2 * minute), () => change(world, index, random));
  }
  return world;
}

function change(world: World, index: number, random: () => number): void {
  const { source } = world;
  const id = index % 3 === 0 ? `new${index}` : `r${Math.floor(random() * 60)}`;
  const type = index % 3 === 0 ? 'Patient' : (types[Number(id.slice(1)) % 2] ?? 'Patient');
  const isDeleted = source.store.current(type, id)?.deleted === false && index % 4 === 0;
  source.store.write(type, id, Math.floor(source.now()), isDeleted, `changed ${index}`);
}
