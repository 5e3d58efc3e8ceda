import { changeCommand } from './changeWords.ts';
import type { PermissionRow } from './carryPermissions.ts';

/** A shell script that assigns the roles with the Azure CLI; what it leaves to somebody is a comment. */
export function permissionScript(target: string, rows: readonly PermissionRow[]): string {
  const comment = (text: string): string => `# ${text.replace(/\s+/g, ' ')}`;
  const lines = rows.flatMap(({ state, role, principalId, from, guidance, change }) => {
    const words = `${role} for ${principalId} (${from})`;
    const command = change === undefined ? undefined : changeCommand(change);
    if (command !== undefined) return [comment(words), command];
    return state === 'held' ? [comment(`${words}: held already`)] : [comment(`LEFT OUT: ${words}: ${guidance}`)];
  });
  return ['#!/bin/sh', 'set -eu', comment(`Roles for the data of ${target}`), ...lines, ''].join('\n');
}
