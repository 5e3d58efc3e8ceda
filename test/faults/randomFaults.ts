import type { Failure } from '../../src/failure/failure.ts';
import type { Effect, Trouble, Troublemaker } from '../unit/engine/simulation/effects.ts';
import { scripted } from '../unit/engine/simulation/script.ts';
import type { ExportFate } from '../unit/engine/simulation/sourceModel.ts';
import type { ImportFate } from '../unit/engine/simulation/targetModel.ts';
import { seeded } from '../unit/engine/simulation/virtualClock.ts';
import { driveToEnd } from './driveToEnd.ts';

const refusals: readonly Failure[] = [
  { kind: 'network', message: 'socket hang up' },
  { kind: 'network', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
  { kind: 'unavailable', status: 503, message: 'Service Unavailable' },
  { kind: 'unavailable', status: 504, message: 'Gateway Timeout' },
  { kind: 'throttled', status: 429, message: 'Too Many Requests', retryAfterMs: 20_000 },
  { kind: 'serverError', status: 500, message: 'There was an error processing your request.' },
];

const neverWritten = new Set(['append', 'attach', 'snapshot']);

function troubleOf(random: () => number, rate: number): Troublemaker {
  return ({ name }: Effect): Trouble | undefined => {
    if (random() >= rate) return undefined;
    const choice = Math.floor(random() * (neverWritten.has(name) ? 2 : 3 + refusals.length));
    if (choice === 0) return { kind: 'killBefore' };
    if (choice === 1) return { kind: 'killAfter' };
    if (choice === 2) return { kind: 'lostReply' };
    const failure = refusals[choice - 3];
    return failure === undefined ? undefined : { kind: 'refuse', failure };
  };
}

function exportFate(random: () => number): ExportFate | undefined {
  if (random() > 0.15) return undefined;
  const fates: readonly ExportFate[] = [
    { kind: 'fail', failure: { kind: 'serverError', status: 500, message: 'Unknown Error.' } },
    { kind: 'fail', failure: { kind: 'tooLarge', status: 413, message: 'too much data' } },
    { kind: 'forget' },
    { kind: 'repeatFile' },
  ];
  return fates[Math.floor(random() * fates.length)];
}

function importFate(random: () => number): ImportFate | undefined {
  if (random() > 0.15) return undefined;
  const fates: readonly ImportFate[] = [
    { kind: 'fail', failure: { kind: 'serverError', status: 500, message: 'InternalServerError' } },
    { kind: 'forget' },
    { kind: 'loseLines', every: 3 },
    { kind: 'refuseLines', every: 4 },
  ];
  return fates[Math.floor(random() * fates.length)];
}

/** One schedule of faults, from its creation to the check of everything that both services hold in the end. */
async function run(seed: number): Promise<void> {
  const random = seeded(seed);
  const flavour = random() < 0.5 ? 'azureApiForFhir' : 'ahds';
  // Troubles end after a while, as they do: what must not happen is that they leave something behind.
  const troubles = troubleOf(random, 0.01 + random() * 0.05);
  const world = scripted({
    seed,
    flavour,
    // Small, because there are many.
    resources: 8 + Math.floor(random() * 16),
    changes: 2 + Math.floor(random() * 6),
    trouble: (effect) => (effect.number < 700 ? troubles(effect) : undefined),
    exports: { flavour, fate: () => exportFate(random) },
    imports: { fate: () => importFate(random) },
    plan: {
      scope: { history: random() < 0.3 },
      limits: {
        windowDays: 30 + Math.floor(random() * 60),
        exportsAtOnce: 1 + Math.floor(random() * 3),
        importsAtOnce: 1 + Math.floor(random() * 5),
      },
    },
    ...(random() < 0.3 ? { snapshotEvery: 20 } : {}),
  });
  await driveToEnd(world);
}

/** Runs schedules one after the other. A seed that fails is named with the command that repeats it. */
export async function runSeeds(first: number, count: number): Promise<void> {
  // Aborting, which ends every wait of a simulation, takes a stack trace that nobody reads.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    for (let seed = first; seed < first + count; seed += 1) {
      try {
        await run(seed);
      } catch (error) {
        throw new Error(`Seed ${seed} fails. Repeat with: npm run soak -- --seed ${seed}`, { cause: error });
      }
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
