import { type Edit, type ResourceJson, sameSetting, valueAt } from '../../azure/resourceEdits.ts';
import { type ConfigurationSetting, configurationSettings, type ConfiguredService } from '../configurationSettings.ts';
import { driftText } from '../drift.ts';
import type { SettingsChange } from './change.ts';
import { blockedBy, type ChangeableResource, settingsChange, writeOf } from './changeable.ts';
import { versioningEdits } from './versioningPolicy.ts';

/** `same`: nothing to do; `change`: can be carried over; `notPossible`: not by writing a setting of the target. */
export type CarryState = 'same' | 'change' | 'notPossible';

/** One setting of the source, and how it would come to the target. */
export interface CarryRow {
  /** Id of the setting, for example `cors`. */
  readonly id: string;
  readonly title: string;
  readonly state: CarryState;
  readonly source: string;
  readonly target: string;
  /** What to know or to do beside. */
  readonly guidance: string;
  readonly change: SettingsChange | undefined;
  /** Why it cannot be applied here. */
  readonly blocked: string | undefined;
}

export interface CarryInput {
  readonly source: ConfiguredService;
  readonly target: ConfiguredService;
  readonly resource: ChangeableResource;
  /** `rest.resource.versioning` of the source by type; undefined when its statement cannot be read. */
  readonly versioning: Readonly<Record<string, string>> | undefined;
}

/** What each setting that can be carried over makes of the target. */
const carried: Readonly<Record<string, (input: CarryInput) => readonly Edit[]>> = {
  authority: ({ target }) => own(target.authority, 'authority'),
  audience: ({ target }) => own(target.endpoint, 'audience'),
  tags: ({ source, resource }) => tagEdits(source.resource, resource.json),
  cors: ({ source }) =>
    ['origins', 'headers', 'methods', 'maxAge', 'allowCredentials'].flatMap((field) =>
      fieldOf(source.resource, ['properties', 'corsConfiguration', field]),
    ),
  identity: ({ resource }) => identityEdits(resource.json),
  exportStorage: ({ source }) => fieldOf(source.resource, ['properties', 'exportConfiguration', 'storageAccountName']),
  containerRegistry: ({ source }) =>
    ['loginServers', 'ociArtifacts'].flatMap((field) =>
      fieldOf(source.resource, ['properties', 'acrConfiguration', field]),
    ),
  versioningPolicy: ({ versioning, resource }) => versioningEdits(versioning ?? {}, resource.json),
};

/**
 * Every setting that the source has, or that the target has otherwise than it should, in the order of the guide: what
 * writing it would change, or why it cannot be written. Audience and authority become the target's own, never the
 * source's. Pure.
 */
export function carryConfiguration(input: CarryInput): readonly CarryRow[] {
  return configurationSettings.flatMap((setting) => {
    const [from, to] = [setting.ofSource(input.source.resource), setting.ofTarget(input.target.resource)];
    const edits = carried[setting.id];
    if (edits === undefined) return from === undefined ? [] : [notCarried(setting, from, to)];
    if (from === undefined && setting.id !== 'versioningPolicy') return [];
    const change = settingsChange(setting.id, setting.title, input.resource, edits(input));
    const known = setting.id !== 'versioningPolicy' || input.versioning !== undefined;
    return [
      {
        id: setting.id,
        title: setting.title,
        state: change === undefined ? ('same' as const) : ('change' as const),
        source: setting.id === 'versioningPolicy' ? policyWords(input.versioning) : shown(from),
        target: shown(to),
        guidance: known ? setting.guidance : 'The capability statement of the source cannot be read: set it by hand.',
        change,
        blocked: change === undefined ? undefined : blockedBy(input.resource, writeOf(input.resource)),
      },
    ];
  });
}

const shown = (value: unknown): string => (value === undefined ? 'not set' : driftText(value));

function policyWords(versioning: Readonly<Record<string, string>> | undefined): string {
  if (versioning === undefined) return 'unknown';
  const counts = new Map<string, number>();
  for (const policy of Object.values(versioning)) counts.set(policy, (counts.get(policy) ?? 0) + 1);
  return [...counts].map(([policy, count]) => `${policy} for ${count} types`).join(', ');
}

const notCarried = (setting: ConfigurationSetting, from: unknown, to: unknown): CarryRow => {
  const same = setting.same?.(from, to) ?? sameSetting(from, to);
  return {
    id: setting.id,
    title: setting.title,
    state: same ? 'same' : 'notPossible',
    source: shown(from),
    target: shown(to),
    guidance: setting.guidance,
    change: undefined,
    blocked: undefined,
  };
};

const withoutSlash = (value: unknown): unknown => (typeof value === 'string' ? value.replace(/\/+$/, '') : value);

/** The value that belongs to the target itself; nothing where its tenant is not known. */
const own = (value: string | undefined, field: string): readonly Edit[] =>
  value === undefined
    ? []
    : [{ path: ['properties', 'authenticationConfiguration', field], value: withoutSlash(value) }];

/** A value of the source at the same place; null and nothing are not written, for the target may have its own. */
function fieldOf(source: ResourceJson, path: readonly string[]): readonly Edit[] {
  const value = valueAt(source, path);
  return value === undefined || value === null ? [] : [{ path, value }];
}

/** Tags are merged: those of the target stay, whatever their case; a name that both have gets the source's value. */
function tagEdits(source: ResourceJson, target: ResourceJson): readonly Edit[] {
  const [from, to] = [valueAt(source, ['tags']), valueAt(target, ['tags'])];
  if (typeof from !== 'object' || from === null) return [];
  const names = new Map(
    Object.keys(typeof to === 'object' && to !== null ? to : {}).map((name) => [name.toLowerCase(), name]),
  );
  return Object.entries(from).flatMap(([name, value]: readonly [string, unknown]) => {
    const path = ['tags', names.get(name.toLowerCase()) ?? name];
    return sameSetting(valueAt(target, path), value) ? [] : [{ path, value }];
  });
}

/** A target that has an identity already keeps it: another kind would disturb running jobs. */
function identityEdits(target: ResourceJson): readonly Edit[] {
  const type = valueAt(target, ['identity', 'type']);
  const has = typeof type === 'string' && type !== 'None';
  return has ? [] : [{ path: ['identity', 'type'], value: 'SystemAssigned' }];
}
