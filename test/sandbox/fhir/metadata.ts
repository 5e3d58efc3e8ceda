import type { Flavour } from '../contract.ts';
import type { ParameterDefinition } from './parameters/definitions.ts';
import { appliesTo, type ParameterRegistry } from './parameters/registry.ts';
import { resourceTypes } from './resourceTypes.ts';
import type { JsonObject } from './resourceText.ts';

/** What differs between the statements of two services. */
export interface StatementSource {
  readonly flavour: Flavour;
  readonly base: string;
  readonly authority: string;
  readonly fhirVersion: string;
  readonly registry: ParameterRegistry;
  /** Profiles by resource type. */
  readonly profiles: ReadonlyMap<string, readonly string[]>;
}

/** Date of the software, not of the request. */
const built = '2026-05-04T00:00:00.0000000+00:00';
const softwareVersion = '4.0.123';

const listedTypes = [...resourceTypes].filter((type) => type !== 'Parameters').sort();

/** The text of what `/metadata` answers. */
export function capabilityStatement(source: StatementSource): string {
  const resources = resourceTexts(source);
  const head = JSON.stringify(header(source));
  const rest = JSON.stringify(restWithoutResources(source));
  const marker = '"resource":[]';
  return `${head.slice(0, -1)},"rest":[${rest.replace(marker, () => `"resource":[${resources.join(',')}]`)}]}`;
}

function header({ base, fhirVersion }: StatementSource): JsonObject {
  return {
    resourceType: 'CapabilityStatement',
    url: `${base}/metadata`,
    version: '1.0.0.0',
    name: `Microsoft FHIR Server for Azure ${softwareVersion} Capability Statement`,
    status: 'active',
    experimental: true,
    date: built,
    publisher: 'Microsoft',
    contact: [{ telecom: [{ system: 'url', value: 'https://www.microsoft.com' }] }],
    kind: 'capability',
    software: { name: 'FHIR Server for Azure', version: softwareVersion },
    fhirVersion,
    format: ['application/fhir+json', 'json'],
    patchFormat: ['application/fhir+json', 'application/json-patch+json'],
  };
}

function restWithoutResources({ flavour, base, authority }: StatementSource): JsonObject {
  const gen1 = flavour === 'azureApiForFhir';
  const uris = [
    { url: 'authorize', valueUri: `${authority}/oauth2/v2.0/authorize` },
    { url: 'token', valueUri: `${authority}/oauth2/v2.0/token` },
  ];
  const system = 'http://terminology.hl7.org/CodeSystem/restful-security-service';
  const smart = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris';
  return {
    mode: 'server',
    security: {
      extension: [{ url: smart, extension: uris }],
      cors: false,
      service: [{ coding: [{ system, code: 'OAuth' }] }],
    },
    resource: [],
    interaction: ['history-system', 'batch', ...(gen1 ? [] : ['transaction'])].map((code) => ({ code })),
    searchParam: [
      { name: '_type', definition: 'http://hl7.org/fhir/SearchParameter/type', type: 'token' },
      { name: '_count', type: 'number' },
      { name: '_summary', type: 'token' },
    ],
    operation: operationsOf(flavour).map((name) => ({ name, definition: definitionAddress(name, base) })),
  };
}

function operationsOf(flavour: Flavour): readonly string[] {
  const both =
    'export patient-export group-export reindex resource-reindex convert-data anonymized-export member-match patient-everything bulk-delete purge-history';
  const gen2 = 'bulk-update search-parameter-status includes';
  return (flavour === 'azureApiForFhir' ? both : `${both} ${gen2}`).split(' ');
}

function definitionAddress(operation: string, base: string): string {
  if (operation === 'patient-everything') return 'https://www.hl7.org/fhir/patient-operation-everything.html';
  return `${base}/OperationDefinition/${operation}`;
}

interface TypeParts {
  readonly includes: readonly string[];
  readonly reverse: readonly string[];
  readonly parameters: readonly object[];
}

/** The parts that follow from the built-in parameters alone are the same for every service. */
let builtInParts: ReadonlyMap<string, TypeParts> | undefined;

function resourceTexts({ registry, profiles }: StatementSource): readonly string[] {
  const changed = registry
    .all()
    .some(({ definition, state }) => definition.builtIn && state !== initialState(definition));
  const customs = registry.customParameters().filter(({ state }) => state === 'Enabled');
  let parts: ReadonlyMap<string, TypeParts>;
  if (changed || customs.length > 0) {
    const enabled = registry.all().filter(({ state }) => state === 'Enabled');
    parts = partsOf(enabled.map(({ definition }) => definition));
  } else {
    builtInParts ??= partsOf(
      registry.all().flatMap(({ definition }) => (initialState(definition) === 'Enabled' ? [definition] : [])),
    );
    parts = builtInParts;
  }
  return listedTypes.map((type) => resourceText(type, parts.get(type), profiles.get(type) ?? []));
}

function initialState({ expression }: ParameterDefinition): string {
  return expression === undefined ? 'Unsupported' : 'Enabled';
}

function partsOf(definitions: readonly ParameterDefinition[]): ReadonlyMap<string, TypeParts> {
  const reverse = new Map<string, string[]>(listedTypes.map((type) => [type, []]));
  const perType = listedTypes.map((type) => {
    const own = definitions.filter((definition) => definition.code !== '_type' && appliesTo(definition, type));
    const references = own.filter((definition) => definition.type === 'reference');
    for (const { code, target } of references) {
      for (const one of target.length > 0 ? target : listedTypes) reverse.get(one)?.push(`${type}:${code}`);
    }
    const includes = references.map(({ code }) => `${type}:${code}`);
    const parameters = own.map(({ code, name, url, type: kind, description }) => ({
      name: name === '' ? code : name,
      definition: url,
      type: kind,
      ...(description === undefined ? {} : { documentation: description }),
    }));
    return [type, { includes: includes.length > 0 ? [...includes, '*'] : [], parameters }] as const;
  });
  return new Map(perType.map(([type, parts]) => [type, { ...parts, reverse: reverse.get(type) ?? [] }]));
}

function resourceText(type: string, parts: TypeParts | undefined, profiles: readonly string[]): string {
  const fixed = type === 'AuditEvent';
  const changes = fixed ? [] : ['update', 'patch', 'delete'];
  const codes = ['create', 'read', 'vread', 'history-type', 'history-instance', ...changes, 'search-type'];
  const { includes = [], reverse = [], parameters = [] } = parts ?? {};
  return JSON.stringify({
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    ...(profiles.length > 0 ? { supportedProfile: profiles } : {}),
    interaction: codes.map((code) => ({ code })),
    versioning: 'versioned',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    ...(fixed ? {} : { conditionalUpdate: true, conditionalDelete: 'multiple' }),
    ...(includes.length > 0 ? { searchInclude: includes } : {}),
    ...(reverse.length > 0 ? { searchRevInclude: reverse } : {}),
    searchParam: parameters,
  });
}
