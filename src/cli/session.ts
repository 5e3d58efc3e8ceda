import { readFile } from 'node:fs/promises';
import { migrationId } from '../engine/ids.ts';
import type { MigrationPhase } from '../engine/overview.ts';
import type { Plan } from '../engine/plan.ts';
import { FailureError } from '../failure/failure.ts';
import type { MigrationHandle, Services } from '../services/contract.ts';
import { readPlan } from '../services/planReading.ts';
import type { Output } from './output/output.ts';

/** What every command gets: the services, where to tell, and when to stop. */
export interface Session {
  readonly services: Services;
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Thrown for words on the command line or in a plan that cannot be used: exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The plan in a file. @throws UsageError with every problem and its line when it cannot be used */
export async function planIn(file: string): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `The plan ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
    );
  }
  const { plan, problems } = readPlan(text);
  if (plan !== undefined) return plan;
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  throw new UsageError(problems.map(({ message, offset }) => `${file}:${lineOf(offset)}: ${message}`).join('\n'));
}

const ended: ReadonlySet<MigrationPhase> = new Set(['complete', 'cancelled']);

/**
 * The migration with an id, or the only unfinished one when none is given.
 * @throws UsageError when there is no choice, or more than one
 */
export async function chosenMigration(services: Services, id: string | undefined): Promise<MigrationHandle> {
  if (id !== undefined) return services.openMigration(migrationId(id));
  const all = await services.listMigrations();
  const open = all.filter((handle) => !ended.has(handle.overview().phase));
  const [only, ...others] = open.length > 0 ? open : all;
  if (only === undefined) throw new UsageError('There is no migration in this journal folder.');
  if (others.length === 0) return only;
  const ids = [only, ...others].map((handle) => handle.id).join(', ');
  throw new UsageError(`There are several migrations: ${ids}. Name one.`);
}

/** Throws as cancelled when Ctrl-C was pressed. */
export function checkInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new FailureError({ kind: 'cancelled', message: 'Interrupted.' });
}
