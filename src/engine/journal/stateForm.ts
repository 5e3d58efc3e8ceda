import { createdState } from '../state/applyLifecycle.ts';
import type { MigrationState, Probe } from '../state/state.ts';
import { probeFields, provenFields } from './probeShapes.ts';
import { count, fields, isRecord, maybe } from './shape.ts';
import { address, migrationShape, operationShape, windowShape } from './valueShapes.ts';

/*
 * A snapshot is the state itself, in a journal that others may write to. Its records are checked field by field before
 * they are folded; of the state it is checked that everything is of the form that the fold and the views rely on, so that
 * a forged one is refused and not met half-way.
 */

/** Everything that a state can hold as a table, by its name, with what its keys have to be. */
const tables: Readonly<Record<string, (key: unknown) => boolean>> = {
  windows: windowShape,
  exports: operationShape,
  imports: operationShape,
};

/** True for a value that is a state of a migration, as far as its form goes. */
export function isStateForm(state: MigrationState): boolean {
  const model = createdState({ kind: 'created', at: 0, migration: state.id, plan: state.plan });
  return (
    migrationShape(state.id) &&
    Object.entries(model).every(([name, like]) => isLike(state[name as keyof MigrationState], like)) &&
    Object.entries(tables).every(([name, fits]) => isTable(state[name as keyof MigrationState], fits)) &&
    [...state.windows.values()].every(isWindow) &&
    [...state.exports.values(), ...state.imports.values()].every(
      ({ statusUrl }) => statusUrl === undefined || address(statusUrl),
    ) &&
    isProbing(state) &&
    isPlain(state, 0)
  );
}

/** The same kind of container or value; what is unknown at the beginning can be anything later. */
function isLike(value: unknown, like: unknown): boolean {
  if (like === undefined) return true;
  if (like instanceof Map) return value instanceof Map;
  if (like instanceof Set) return value instanceof Set;
  if (Array.isArray(like)) return Array.isArray(value);
  if (isRecord(like)) return isRecord(value) && Object.entries(like).every(([name, item]) => isLike(value[name], item));
  return typeof value === typeof like;
}

function isTable(value: unknown, fits: (key: unknown) => boolean): boolean {
  if (!(value instanceof Map)) return false;
  return [...(value as ReadonlyMap<unknown, unknown>)].every(
    ([key, item]) => fits(key) && isRecord(item) && item.id === key,
  );
}

/** What is known of probe exports, where there are any. */
function isProbing({ probe, probes, deidentified }: MigrationState): boolean {
  return [maybe(probeShape)(probe), maybe(count)(probes), maybe(provenShape)(deidentified)].every((fits) => fits);
}

const probeShape = fields<Probe>(probeFields);
const provenShape = fields(provenFields);

function isWindow(window: unknown): boolean {
  if (!isRecord(window)) return false;
  const { till, attempts, state, parts, folders, budget } = window;
  return (
    [till, attempts].every((number) => Number.isFinite(number)) &&
    typeof state === 'string' &&
    isRecord(budget) &&
    Array.isArray(folders) &&
    Array.isArray(parts) &&
    parts.every((part) => isRecord(part) && typeof part.type === 'string' && Number.isFinite(part.resources))
  );
}

/** No deeper than a state is, and no name that every object inherits. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > 12) return false;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
  if (value instanceof Map || value instanceof Set) {
    for (const item of value as Iterable<unknown>) if (!isPlain(item, depth + 1)) return false;
    return true;
  }
  const record = value as Readonly<Record<string, unknown>>;
  return Object.keys(record).every((name) => !(name in Object.prototype) && isPlain(record[name], depth + 1));
}
