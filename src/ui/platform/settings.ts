import type { Cloud } from '../../azure/cloud.ts';
import { publicCloud } from '../../azure/clouds.ts';
import { parseCloud } from '../../azure/parseCloud.ts';
import { toFailure } from '../../failure/failure.ts';

export const signInMethods = ['vscode', 'azureCli', 'clientSecret'] as const;
export type SignInMethod = (typeof signInMethods)[number];
export const resumeChoices = ['ask', 'always', 'never'] as const;
export type ResumeChoice = (typeof resumeChoices)[number];
export const journalPlaces = ['file', 'staging'] as const;

/** All settings of the extension, validated. */
export interface Settings {
  readonly cloud: Cloud;
  /** A custom certificate authority that is named by a file instead of given as text. */
  readonly certificateAuthorityFile: string | undefined;
  readonly method: SignInMethod;
  /** Authentication provider of the editor that knows this cloud's accounts. */
  readonly provider: string;
  readonly tenantId: string | undefined;
  readonly clientId: string | undefined;
  readonly resumeOnStartup: ResumeChoice;
  /** Where journals live; undefined: the extension's own storage. */
  readonly journalFolder: string | undefined;
  /** Where plans that are made from now on keep the journal. */
  readonly journalPlace: (typeof journalPlaces)[number];
  /** What cannot be used, one sentence each; the default is used instead. */
  readonly problems: readonly string[];
}

/** Names as in the manifest, without the prefix `fhirMigration.`. */
export const settingNames = [
  'cloud.environment',
  'cloud.custom',
  'authentication.method',
  'authentication.provider',
  'authentication.tenantId',
  'authentication.clientId',
  'resume.onStartup',
  'journal.folder',
  'journal.place',
] as const;
export type SettingName = (typeof settingNames)[number];

/** Settings whose change makes everything that talks to Azure start anew. */
export const servicesSettings: readonly SettingName[] = settingNames.filter(
  (name) => name !== 'resume.onStartup' && name !== 'journal.place',
);

/** Reads and checks all settings. A value that cannot be used is reported and replaced by its default, never guessed. */
export function readSettings(get: (name: SettingName) => unknown): Settings {
  const problems: string[] = [];
  const oneOf = <T extends string>(name: SettingName, allowed: readonly T[], fallback: T): T => {
    const value = get(name);
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined && value !== undefined) {
      problems.push(`fhirMigration.${name}: one of ${allowed.join(', ')} is expected; ${fallback} is used.`);
    }
    return found ?? fallback;
  };
  const text = (name: SettingName): string | undefined => {
    const value = get(name);
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
    problems.push(`fhirMigration.${name}: a text is expected.`);
    return undefined;
  };
  const environment = oneOf('cloud.environment', ['public', 'usGovernment', 'china', 'custom'], 'public');
  const custom = environment === 'custom' ? customCloud(get('cloud.custom'), problems) : undefined;
  const method = oneOf('authentication.method', signInMethods, 'vscode');
  const [tenantId, clientId] = [text('authentication.tenantId'), text('authentication.clientId')];
  if (method === 'clientSecret' && (tenantId === undefined || clientId === undefined)) {
    problems.push('fhirMigration.authentication.method: clientSecret needs authentication.tenantId and .clientId.');
  }
  return {
    cloud: custom?.cloud ?? (environment === 'custom' ? publicCloud : parseCloud(environment)),
    certificateAuthorityFile: custom?.certificateAuthorityFile,
    method,
    provider: text('authentication.provider') ?? (environment === 'public' ? 'microsoft' : 'microsoft-sovereign-cloud'),
    tenantId,
    clientId,
    resumeOnStartup: oneOf('resume.onStartup', resumeChoices, 'ask'),
    journalFolder: text('journal.folder'),
    journalPlace: oneOf('journal.place', journalPlaces, 'file'),
    problems,
  };
}

function customCloud(
  value: unknown,
  problems: string[],
): { readonly cloud: Cloud; readonly certificateAuthorityFile: string | undefined } | undefined {
  const { certificateAuthority, ...endpoints } =
    typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const isFile = typeof certificateAuthority === 'string' && !certificateAuthority.includes('-----BEGIN');
  const file = isFile && certificateAuthority.trim() !== '' ? certificateAuthority.trim() : undefined;
  try {
    const pem = isFile || certificateAuthority === undefined ? {} : { certificateAuthority };
    return { cloud: parseCloud({ ...endpoints, ...pem, name: 'custom' }), certificateAuthorityFile: file };
  } catch (error) {
    problems.push(`fhirMigration.cloud.custom: ${toFailure(error).message} The public cloud is used.`);
    return undefined;
  }
}
