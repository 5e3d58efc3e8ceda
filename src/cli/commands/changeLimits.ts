import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { hoursText } from '../../engine/calendar/hoursText.ts';
import { settingsSchema, type SettingsChange } from '../../engine/sync/settings.ts';
import type { Plan } from '../../engine/plan.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { table } from '../output/table.ts';
import { chosenMigration, UsageError, type Session } from '../session.ts';

export interface LimitsOptions {
  readonly exports?: number;
  readonly imports?: number;
  readonly requests?: number;
  readonly windows?: number;
  readonly nice?: number;
  readonly lagTarget?: number;
  readonly calendar?: string;
}

/** Shows the limits in force, after a change of those that were given. A driver, in whatever process, obeys at once. */
export async function changeLimits(
  { services, output }: Session,
  id: string | undefined,
  options: LimitsOptions,
): Promise<ExitCode> {
  const handle = await chosenMigration(services, id);
  try {
    const change = await changeOf(options, handle.overview().plan);
    const isChange = Object.keys(change).length > 0;
    if (isChange) {
      await handle.change(change);
      output.record('requested', { migration: handle.id, request: 'change', settings: change });
      output.line(handle.driver() === undefined ? `Changed ${handle.id}.` : `Asked the driver of ${handle.id}.`);
      if (handle.driver() !== undefined) return exitCodes.success;
    }
    const { plan } = handle.overview();
    const { limits, options: how, sync, calendar } = plan;
    output.record('limits', { migration: handle.id, limits, nice: how.nice, sync, calendar });
    for (const line of table(['limit', 'value'], rowsOf(plan))) output.line(line);
    return exitCodes.success;
  } finally {
    handle.dispose();
  }
}

function rowsOf({ limits, options, sync, calendar }: Plan): (readonly [string, number | string])[] {
  return [
    ['exports at once', limits.exportsAtOnce],
    ['imports at once', limits.importsAtOnce],
    ['requests at once', limits.requestsAtOnce],
    ['windows in flight', limits.windowsInFlight],
    ['nice', options.nice],
    ['lag target, seconds', sync?.lagTargetSeconds ?? 'not kept in sync'],
    ['calendar', calendar === undefined ? 'none' : `in ${calendar.timeZone}, running operations ${calendar.running}`],
    ...(calendar === undefined
      ? []
      : ([
          ['exports start', calendar.exports === undefined ? 'at any time' : hoursText(calendar.exports)],
          ['imports start', calendar.imports === undefined ? 'at any time' : hoursText(calendar.imports)],
        ] as const)),
  ];
}

async function changeOf(options: LimitsOptions, plan: Plan): Promise<SettingsChange> {
  const { exports, imports, requests, windows, nice, lagTarget, calendar } = options;
  const { sync } = plan;
  if (lagTarget !== undefined && sync === undefined) {
    throw new UsageError('The migration is not kept in sync: it has no lag target.');
  }
  const change = {
    ...(exports === undefined ? {} : { exportsAtOnce: exports }),
    ...(imports === undefined ? {} : { importsAtOnce: imports }),
    ...(requests === undefined ? {} : { requestsAtOnce: requests }),
    ...(windows === undefined ? {} : { windowsInFlight: windows }),
    ...(nice === undefined ? {} : { nice }),
    ...(lagTarget === undefined ? {} : { sync: { ...sync, lagTargetSeconds: lagTarget } }),
    ...(calendar === undefined ? {} : { calendar: await calendarIn(calendar) }),
  };
  const read = v.safeParse(settingsSchema, change);
  if (read.success) return read.output;
  const problems = read.issues.map(
    ({ path, message }) => `${(path ?? []).map(({ key }) => key).join('.')}: ${message}`,
  );
  throw new UsageError(problems.join('\n'));
}

async function calendarIn(file: string): Promise<unknown> {
  if (file === 'none') return null;
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    throw new UsageError(`The calendar ${file} cannot be read: ${(error as Error).message}`);
  }
}
