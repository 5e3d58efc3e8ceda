import type { ResourceJson } from '../../azure/resourceEdits.ts';
import { versioningEdits } from '../changes/versioningPolicy.ts';
import { at, configurationSettings, type ConfiguredService } from '../configurationSettings.ts';
import { driftText } from '../drift.ts';

/** Where a target is to be made, and what it is to be called. */
export interface TargetPlace {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly workspace: string;
  /** The workspace is there already. */
  readonly inWorkspace: boolean;
  readonly name: string;
}

export interface ProposalInput {
  readonly sourceName: string;
  readonly source: ConfiguredService;
  /** `4.0.1`, as `/metadata` says; undefined: the resource alone tells. */
  readonly fhirVersion: string | undefined;
  /** `rest.resource.versioning` by type; undefined when the statement cannot be read. */
  readonly versioning: Readonly<Record<string, string>> | undefined;
  readonly place: TargetPlace;
  /** Template of addresses of the cloud, with `{workspace}` and `{fhir}`. */
  readonly addressTemplate: string;
  /** `https://login.microsoftonline.com` */
  readonly loginHost: string;
}

/** What a target would be made of, and what of the source stays behind. */
export interface TargetProposal {
  readonly kind: 'fhir-R4' | 'fhir-Stu3';
  readonly tags: ResourceJson;
  readonly properties: ResourceJson;
  /** Account for staging, a parameter of the file; undefined: none is known. */
  readonly stagingAccount: string | undefined;
  readonly notCarried: readonly { readonly title: string; readonly source: string; readonly guidance: string }[];
}

/** Settings that a proposal takes over by itself, as far as the source has them. */
const taken: ReadonlySet<string> = new Set([
  ...['location', 'fhirVersion', 'authority', 'audience', 'tags', 'cors', 'identity', 'exportStorage', 'import'],
  ...['containerRegistry', 'smartIdentityProviders', 'versioningPolicy'],
]);

/** The configuration of a source as that of a new FHIR service of AHDS (azure-control-plane, configuration mapping). Pure. */
export function targetProposal(input: ProposalInput): TargetProposal {
  const { source, place, addressTemplate, loginHost } = input;
  const { resource } = source;
  const property = (...path: readonly string[]): unknown => at(resource, 'properties', ...path);
  const audience = addressTemplate.replace('{workspace}', place.workspace).replace('{fhir}', place.name);
  const authenticationConfiguration = {
    authority: `${loginHost.replace(/\/+$/, '')}/${place.tenantId}`,
    audience,
    smartProxyEnabled: false,
    ...ifMeant('smartIdentityProviders', property('authenticationConfiguration', 'smartIdentityProviders')),
  };
  const account = property('exportConfiguration', 'storageAccountName');
  const stagingAccount = typeof account === 'string' && account !== '' ? account : undefined;
  const policy = policyOf(input);
  return {
    kind: kindOf(input),
    tags: fieldsOf(at(resource, 'tags')),
    properties: {
      authenticationConfiguration,
      ...ifMeant('corsConfiguration', withoutNull(property('corsConfiguration'))),
      ...ifMeant('acrConfiguration', withoutNull(property('acrConfiguration'))),
      ...(policy === undefined ? {} : { resourceVersionPolicyConfiguration: policy }),
      ...ifMeant('implementationGuidesConfiguration', property('implementationGuidesConfiguration')),
    },
    stagingAccount,
    notCarried: notCarried(input),
  };
}

function kindOf({ source, fhirVersion }: ProposalInput): TargetProposal['kind'] {
  if (fhirVersion !== undefined) return fhirVersion.startsWith('3.') ? 'fhir-Stu3' : 'fhir-R4';
  return at(source.resource, 'kind') === 'fhir-Stu3' ? 'fhir-Stu3' : 'fhir-R4';
}

function policyOf({ versioning, source }: ProposalInput): unknown {
  const own = at(source.resource, 'properties', 'resourceVersionPolicyConfiguration');
  if (own !== undefined) return own;
  const edits = versioningEdits(versioning ?? {}, {});
  if (edits.length === 0) return undefined;
  const byDefault = edits.find(({ path }) => path.at(-1) === 'default')?.value ?? 'versioned';
  const overrides = edits.filter(({ path }) => path.at(-2) === 'resourceTypeOverrides');
  return {
    default: byDefault,
    resourceTypeOverrides: Object.fromEntries(overrides.map(({ path, value }) => [path.at(-1) ?? '', value])),
  };
}

function notCarried({ source, versioning }: ProposalInput): TargetProposal['notCarried'] {
  const left = configurationSettings.flatMap((setting) => {
    const value = setting.ofSource(source.resource);
    if (taken.has(setting.id) || value === undefined || (setting.same?.(value, undefined) ?? false)) return [];
    return [{ title: setting.title, source: driftText(value), guidance: setting.guidance }];
  });
  const custom = at(source.resource, 'properties', 'authenticationConfiguration', 'audience');
  const own = source.endpoint.replace(/\/+$/, '');
  return [
    ...left,
    ...(typeof custom === 'string' && custom.replace(/\/+$/, '') !== own
      ? [
          {
            title: 'Custom audience',
            source: custom,
            guidance: 'The target takes tokens for its own address: applications must ask for that.',
          },
        ]
      : []),
    ...(versioning === undefined
      ? [
          {
            title: 'Versioning policy',
            source: 'unknown',
            guidance: 'The capability statement of the source cannot be read: set the policy before the first import.',
          },
        ]
      : []),
    {
      title: 'Role assignments',
      source: 'not part of the resource',
      guidance: 'Use "Carry Permissions Over…" once the target is there.',
    },
    {
      title: 'Search parameters, profiles and terminology',
      source: 'data',
      guidance: 'Copy them before the data, from the comparison of both services.',
    },
  ];
}

const fieldsOf = (value: unknown): ResourceJson =>
  typeof value === 'object' && value !== null ? (value as ResourceJson) : {};

/** Null means to ARM that nothing was set. */
const withoutNull = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null))
    : value;

/** A setting that says something; empty lists do not. */
function ifMeant(key: string, value: unknown): ResourceJson {
  const empty = (item: unknown): boolean =>
    item === undefined || item === null || item === false || (Array.isArray(item) && item.length === 0);
  const says = typeof value === 'object' && value !== null && !Object.values(value).every(empty);
  return says ? { [key]: value } : {};
}
