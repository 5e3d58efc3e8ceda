import { documentText, stableOrder } from './stableOrder.ts';
import type { ComparedEntry, EntryState } from './comparison.ts';
import { configurationSettings, type ConfigurationSetting, type ConfiguredService } from './configurationSettings.ts';
import { driftText, sameValue } from './drift.ts';

type Json = unknown;
type Fields = Readonly<Record<string, Json>>;

/** Every setting that one of both services has, with how the source's comes to the target. */
export function configurationDrift(source: ConfiguredService, target: ConfiguredService): readonly ComparedEntry[] {
  return configurationSettings.flatMap((setting) => {
    const [from, to] = [setting.ofSource(source.resource), setting.ofTarget(target.resource)];
    if (from === undefined && to === undefined) return [];
    return [
      {
        path: [setting.title],
        state: stateOf(setting, isOwn(setting, source, from), isOwn(setting, target, to), from, to),
        source: from === undefined ? undefined : driftText(from),
        target: to === undefined ? undefined : driftText(to),
        when: setting.when,
        guidance: setting.guidance,
      },
    ];
  });
}

const withoutSlash = (value: Json): Json => (typeof value === 'string' ? value.replace(/\/+$/, '') : value);

const isOwn = (setting: ConfigurationSetting, service: ConfiguredService, value: Json): boolean =>
  setting.own !== undefined && value !== undefined && withoutSlash(setting.own(service)) === withoutSlash(value);

function stateOf(setting: ConfigurationSetting, ownFrom: boolean, ownTo: boolean, from: Json, to: Json): EntryState {
  if (setting.same?.(from, to) ?? sameValue(from, to)) return 'copied';
  if (ownFrom && ownTo) return 'adapted';
  if (setting.carrying === 'none') return from === undefined ? 'byDesign' : 'notPossible';
  // Moving to another region is a reason to migrate; the target stays where it was made.
  if (setting.id === 'location') return 'byDesign';
  if (to === undefined) return 'missing';
  return from === undefined ? 'onlyOnTarget' : 'different';
}

/** What names the service itself or changes by itself, and says nothing about its settings. */
const setAside: ReadonlySet<string> = new Set(['id', 'name', 'type', 'etag', 'systemData', 'tenantId']);
const setAsideProperties: ReadonlySet<string> = new Set(['provisioningState', 'eventState']);
/** What a service means by leaving a property out: one that writes it is no different. */
const usual: Readonly<Record<string, Json>> = {
  publicNetworkAccess: 'Enabled',
  resourceVersionPolicyConfiguration: { default: 'versioned' },
};
const isUsual = (name: string, value: Json): boolean =>
  Object.hasOwn(usual, name) && sameValue(withoutEmpty(value), usual[name]);
const secretKey = /secret|password|connectionstring|accountkey|accesskey|sastoken/i;

/** The settings of a service as text: stable order, its own values as placeholders, nothing that could be a secret. */
export function configurationText({ resource, endpoint, authority }: ConfiguredService): string {
  const kept = Object.fromEntries(
    Object.entries(resource).flatMap(([key, value]) => {
      if (setAside.has(key)) return [];
      if (key === 'location' && typeof value === 'string') return [[key, value.replaceAll(' ', '').toLowerCase()]];
      if (key === 'identity') return [[key, identityOf(value)]];
      if (key !== 'properties' || !isFields(value)) return [[key, value]];
      return [
        [
          key,
          Object.fromEntries(
            Object.entries(value).filter(([name, item]) => !setAsideProperties.has(name) && !isUsual(name, item)),
          ),
        ],
      ];
    }),
  );
  const own = [
    ['{service}', endpoint],
    ['{own authority}', authority],
  ] as const;
  const placeholder = (text: string): string =>
    own.find(([, value]) => value !== undefined && withoutSlash(value) === withoutSlash(text))?.[0] ?? text;
  return documentText(stableOrder(withoutSecrets(withoutEmpty(kept) ?? {}), placeholder));
}

/** Without what is empty or off: one service leaves it out where the other writes it, and both mean the same. */
function withoutEmpty(value: Json): Json {
  if (value === null || value === false) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : (value as readonly Json[]);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const kept = withoutEmpty(item);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Ids of an identity are new on every service; which kind it is counts. */
const identityOf = (value: Json): Json => {
  if (!isFields(value)) return value;
  const users = isFields(value.userAssignedIdentities) ? Object.keys(value.userAssignedIdentities) : [];
  return { type: value.type, ...(users.length === 0 ? {} : { userAssignedIdentities: users }) };
};

function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isFields(value)) return value;
  const kept = Object.entries(value).map(([key, item]) => [
    key,
    typeof item === 'string' && secretKey.test(key) ? '(set aside: could be a secret)' : withoutSecrets(item),
  ]);
  return Object.fromEntries(kept) as Fields;
}

const isFields = (value: Json): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
