import { serviceBicep } from '../../compare/bicep/serviceBicep.ts';
import type { CarryRow, CarryState } from '../../compare/changes/carryConfiguration.ts';
import type { PermissionRow, PermissionState } from '../../compare/changes/carryPermissions.ts';
import type { Change } from '../../compare/changes/change.ts';
import { changeLines } from '../../compare/changes/changeWords.ts';
import { permissionScript } from '../../compare/changes/permissionScript.ts';
import type { ChangePair } from '../../compare/changes/remembered.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { tellChanges, undoRemembered } from '../output/changeReport.ts';
import { writeNew } from '../output/writeNew.ts';
import { type Session, UsageError } from '../session.ts';

export interface CopySettingsOptions {
  readonly source: string;
  readonly target: string;
  readonly only?: readonly string[];
  readonly whatIf?: boolean;
  readonly yes?: boolean;
  readonly undo?: boolean;
  readonly bicep?: string;
  readonly script?: string;
}

const states: Readonly<Record<CarryState, string>> = { same: 'same', change: 'TO CARRY', notPossible: 'NOT CARRIED' };
const permissionStates: Readonly<Record<PermissionState, string>> = {
  held: 'held',
  assign: 'TO ASSIGN',
  foreign: 'FOREIGN',
  check: 'CHECK',
};

/**
 * Lists what of the source's configuration can be carried over, and writes it only with `--yes`: 0 when nothing is left
 * to carry over, 1 when something is, 2 when a write failed.
 */
export async function copyConfiguration(session: Session, options: CopySettingsOptions): Promise<ExitCode> {
  checkWords(options);
  const { services, output, signal } = session;
  const plan = await services.carry.configuration(options.source, options.target, signal);
  if (options.undo === true)
    return undoRemembered(session, await services.changes.remembered(plan.pair), options.yes === true);
  const rows = chosen(plan.rows, options.only);
  output.line(`Configuration of ${plan.source.name} for ${plan.target.name}`);
  for (const row of rows) {
    output.record('setting', row);
    for (const line of settingLines(row)) output.line(line);
  }
  const changes = rows.flatMap(({ change, blocked }) =>
    change === undefined || blocked !== undefined ? [] : [change],
  );
  if (options.bicep !== undefined) {
    const all = rows.flatMap(({ change }) => change ?? []);
    const resource = plan.resources[plan.target.resourceId.toLowerCase()] ?? {};
    const title = `Settings of ${plan.target.name} with those of ${plan.source.name}`;
    await writeNew(options.bicep, serviceBicep(plan.target.resourceId, resource, all, title));
  }
  return finish(session, plan.pair, changes, rows.filter(({ state }) => state === 'change').length, options);
}

/** The same for the rights to data; applications are told what they must change. */
export async function copyPermissions(session: Session, options: CopySettingsOptions): Promise<ExitCode> {
  checkWords(options);
  const { services, output, signal } = session;
  const plan = await services.carry.permissions(options.source, options.target, signal);
  if (options.undo === true)
    return undoRemembered(session, await services.changes.remembered(plan.pair), options.yes === true);
  output.line(`Rights to the data of ${plan.source.name} for ${plan.target.name}`);
  for (const row of plan.rows) {
    output.record('permission', row);
    output.line(permissionLine(row));
    if (row.state !== 'held') output.line(`             ${row.blocked ?? row.guidance}`);
  }
  output.record('clients', plan.clients);
  for (const { what, from, to } of plan.clients.changes) output.line(`Applications: ${what}: ${from} → ${to}`);
  for (const note of plan.clients.notes) output.line(`Applications: ${note}`);
  if (options.script !== undefined) await writeNew(options.script, permissionScript(plan.target.name, plan.rows));
  const changes = plan.rows.flatMap(({ change, blocked }) =>
    change === undefined || blocked !== undefined ? [] : [change],
  );
  const left = plan.rows.filter(({ state }) => state !== 'held').length;
  return finish(session, plan.pair, changes, left, options);
}

async function finish(
  session: Session,
  pair: ChangePair,
  changes: readonly Change[],
  left: number,
  options: CopySettingsOptions,
): Promise<ExitCode> {
  const { services, output, signal } = session;
  if (options.yes !== true || changes.length === 0) {
    output.line(left === 0 ? 'Nothing is left to carry over.' : 'Nothing was changed.');
    output.record('carried', { left });
    return left === 0 ? exitCodes.success : exitCodes.needsAttention;
  }
  const report = await services.changes.apply(pair, changes, signal, (change, status) =>
    output.record('progress', { id: change.id, status }),
  );
  const code = tellChanges(session, report);
  output.record('carried', { left: left - changes.length });
  return code === exitCodes.success && left > changes.length ? exitCodes.needsAttention : code;
}

function checkWords({ yes, whatIf }: CopySettingsOptions): void {
  if ((yes === true) === (whatIf === true))
    throw new UsageError('Give --what-if to list what would be changed, or --yes to change it.');
}

function chosen(rows: readonly CarryRow[], only: readonly string[] | undefined): readonly CarryRow[] {
  if (only === undefined) return rows;
  const unknown = only.find((id) => !rows.some((row) => row.id === id));
  if (unknown !== undefined)
    throw new UsageError(`--only knows no ${unknown}. Choose among ${rows.map(({ id }) => id).join(', ')}.`);
  return rows.filter(({ id }) => only.includes(id));
}

const settingLines = ({ id, title, state, source, target, guidance, change, blocked }: CarryRow): readonly string[] => [
  `${states[state].padEnd(11)}  ${title} [${id}]`,
  ...(state === 'same' ? [] : [`             source: ${source}`, `             target: ${target}`]),
  ...(change === undefined ? [] : changeLines(change).map((line) => `             would change: ${line}`)),
  ...(state === 'same' ? [] : [`             ${blocked ?? guidance}`]),
];

const permissionLine = ({ state, role, from, principalType, principalId }: PermissionRow): string =>
  `${permissionStates[state].padEnd(11)}  ${role} for ${principalType ?? 'principal'} ${principalId} (${from})`;
