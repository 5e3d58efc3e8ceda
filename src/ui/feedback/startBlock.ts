import type { Environment } from '../documents/failureDetails.ts';
import type { SettingName, Settings } from '../platform/settings.ts';

/** Settings whose values are never logged: they may name people or places. */
const unspoken: ReadonlySet<SettingName> = new Set([
  'cloud.custom',
  'authentication.tenantId',
  'authentication.clientId',
  'journal.folder',
]);

/** The lines with which every log starts: versions, surroundings, and the settings that are not at their defaults. */
export function startBlock(
  environment: Environment,
  settings: Settings,
  changed: readonly { readonly name: SettingName; readonly value: unknown }[],
): readonly string[] {
  const values = changed.map(({ name, value }) => `${name}=${unspoken.has(name) ? '(set)' : JSON.stringify(value)}`);
  return [
    `FHIR Migration ${environment.extensionVersion}, VS Code ${environment.editorVersion}`,
    `${environment.platform}, ${environment.remote}, cloud ${environment.cloud}, sign-in by ${environment.signIn}`,
    values.length === 0 ? 'All settings are at their defaults' : `Settings: ${values.join(', ')}`,
    'Telemetry: none is sent',
    ...settings.problems.map((problem) => `Setting ignored: ${problem}`),
  ];
}
