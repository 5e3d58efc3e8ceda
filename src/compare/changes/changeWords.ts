import { eventGridApiVersion } from '../../azure/eventSubscriptions.ts';
import { roleName } from '../../azure/roleAssignments.ts';
import { driftText } from '../drift.ts';
import type { Change, Holder, SettingsChange } from './change.ts';

const shown = (value: unknown): string => (value === undefined || value === null ? 'not set' : driftText(value));

const lastPart = (id: string): string => id.split('/').at(-1) ?? id;

/** What exactly a change writes, one line for each value: for a confirmation, a report and the command line. */
export function changeLines(change: Change): readonly string[] {
  switch (change.kind) {
    case 'settings':
      return change.edits.map(
        ({ path, value }, index) =>
          `${change.resourceName}: ${path.join('.')}: ${shown(change.before[index]?.value)} → ${shown(value)}`,
      );
    case 'role':
      return [`${change.scopeName}: ${roleName(change.roleDefinitionId)} for ${change.holderName}`];
    case 'container':
      return [`${change.accountName}: container ${change.container} is created`];
    case 'eventSubscription':
      return [`${change.scopeName}: event subscription ${change.name}: deleted until it is put back`];
  }
}

/** A word of a POSIX shell that stands for exactly this text. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const command = (...words: readonly string[]): string => words.map(shellWord).join(' ');

/** The same change as a command of the Azure CLI, for somebody who has the right; undefined where there is none. */
export function changeCommand(change: Change): string | undefined {
  switch (change.kind) {
    case 'settings':
      return settingsCommand(change);
    case 'role':
      return command(
        ...['az', 'role', 'assignment', 'create', '--role', change.roleDefinitionId, '--scope', change.scope],
        ...holderWords(change.holder),
      );
    case 'container':
      return command(
        ...['az', 'storage', 'container', 'create', '--auth-mode', 'login'],
        ...['--account-name', change.accountName, '--name', change.container],
      );
    case 'eventSubscription':
      return deleteSubscription(change.resourceId);
  }
}

/** The command that deletes an event subscription, wherever it is kept. */
export const deleteSubscription = (resourceId: string): string =>
  command('az', 'resource', 'delete', '--ids', resourceId, '--api-version', eventGridApiVersion);

function holderWords(holder: Holder): readonly string[] {
  if ('identityOf' in holder)
    return [
      ...['--assignee-object-id', `<object id of the identity of ${lastPart(holder.identityOf)}>`],
      ...['--assignee-principal-type', 'ServicePrincipal'],
    ];
  const type = holder.principalType === undefined ? [] : ['--assignee-principal-type', holder.principalType];
  return ['--assignee-object-id', holder.principalId, ...type];
}

function settingsCommand({ resourceId, edits }: SettingsChange): string {
  const isStorage = /\/providers\/microsoft\.storage\//i.test(resourceId);
  const set = edits.flatMap(({ path, value }) =>
    value === undefined ? [] : [`${path.join('.')}=${typeof value === 'string' ? value : JSON.stringify(value)}`],
  );
  const removed = edits.flatMap(({ path, value }) => (value === undefined ? [path.join('.')] : []));
  return command(
    ...['az', 'resource', 'update', '--ids', resourceId],
    ...(isStorage ? [] : ['--api-version', '2024-03-31']),
    ...(set.length === 0 ? [] : ['--set', ...set]),
    ...(removed.length === 0 ? [] : ['--remove', ...removed]),
  );
}
