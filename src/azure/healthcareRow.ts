import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import type { Cloud } from './cloud.ts';
import type { DiscoveredService } from './discovered.ts';
import { ahdsEndpoint, azureApiForFhirEndpoint } from './endpoints.ts';
import { parseResourceId, type ResourceId } from './resourceId.ts';

export const azureApiForFhirType = 'microsoft.healthcareapis/services';
export const ahdsType = 'microsoft.healthcareapis/workspaces/fhirservices';

const text = v.pipe(v.string(), v.maxLength(2_048));
/** A value of an unexpected type is as good as none: one odd setting must not hide a service. */
const tolerant = <Schema extends v.GenericSchema>(schema: Schema) => v.fallback(v.optional(schema), undefined);

const rowSchema = v.object({
  id: text,
  kind: tolerant(text),
  location: tolerant(text),
  tenantId: tolerant(text),
  tags: v.fallback(v.optional(v.nullable(v.record(v.string(), v.string())), {}), {}),
  identity: tolerant(v.object({ type: tolerant(text), principalId: tolerant(text) })),
  properties: tolerant(
    v.object({
      provisioningState: tolerant(text),
      eventState: tolerant(text),
      publicNetworkAccess: tolerant(text),
      authenticationConfiguration: tolerant(v.object({ audience: tolerant(text) })),
      exportConfiguration: tolerant(v.object({ storageAccountName: tolerant(text) })),
      importConfiguration: tolerant(
        v.object({
          enabled: tolerant(v.boolean()),
          initialImportMode: tolerant(v.boolean()),
          integrationDataStore: tolerant(text),
        }),
      ),
    }),
  ),
});

type Row = v.InferOutput<typeof rowSchema>;

export interface HealthcareRow {
  readonly service: DiscoveredService;
  /** `Disabled`, `Enabled` or `Updating`; undefined where the resource has none. */
  readonly eventState: string | undefined;
  /** The row says less than the resource itself would: settings must be asked for by a GET. */
  readonly partial: boolean;
}

/**
 * Reads a service from ARM's JSON, however it came (Resource Graph, list or GET). Undefined for rows of other types.
 * Throws `unexpectedAnswer` for a row without a usable id, `invalidInput` where the cloud has no address for its kind.
 */
export function readHealthcareRow(cloud: Cloud, raw: unknown, tenantId: string | undefined): HealthcareRow | undefined {
  const read = v.safeParse(rowSchema, raw);
  const id = read.success ? parseResourceId(read.output.id) : undefined;
  if (!read.success || id === undefined)
    throw new FailureError({ kind: 'unexpectedAnswer', message: 'Azure listed a FHIR service without a usable id.' });
  const place = placeOf(cloud, id);
  return place === undefined ? undefined : rowOf(read.output, id, place, tenantId);
}

type Place = Pick<DiscoveredService, 'kind' | 'name' | 'workspace' | 'endpoint'>;

/** Names come from the id: the `name` of nested resources is written in two ways. */
function placeOf(cloud: Cloud, id: ResourceId): Place | undefined {
  const [first, second] = id.names;
  if (id.type === azureApiForFhirType && first !== undefined)
    return {
      kind: 'azureApiForFhir',
      name: first,
      workspace: undefined,
      endpoint: azureApiForFhirEndpoint(cloud, first),
    };
  if (id.type === ahdsType && first !== undefined && second !== undefined)
    return { kind: 'ahds', name: second, workspace: first, endpoint: ahdsEndpoint(cloud, first, second) };
  return undefined;
}

function rowOf(row: Row, id: ResourceId, place: Place, tenantId: string | undefined): HealthcareRow {
  const { properties } = row;
  const importing = properties?.importConfiguration;
  return {
    service: {
      ...place,
      id: row.id.toLowerCase(),
      resourceId: row.id,
      tenantId: tenantId ?? row.tenantId,
      subscriptionId: id.subscriptionId.toLowerCase(),
      resourceGroup: id.resourceGroup,
      location: row.location?.replace(/\s+/g, '').toLowerCase(),
      fhirVersion: versionOf(row.kind),
      provisioningState: properties?.provisioningState,
      audience: properties?.authenticationConfiguration?.audience,
      exportStorageAccount: nonEmpty(properties?.exportConfiguration?.storageAccountName),
      importMode: importModeOf(importing, properties !== undefined),
      importStorageAccount: nonEmpty(importing?.integrationDataStore),
      identity: identityOf(row.identity?.type),
      principalId: row.identity?.principalId,
      publicNetworkAccess: accessOf(properties?.publicNetworkAccess),
      tags: row.tags ?? {},
    },
    eventState: properties?.eventState,
    partial: properties?.provisioningState === undefined || properties.authenticationConfiguration === undefined,
  };
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function versionOf(kind: string | undefined): string | undefined {
  switch (kind?.toLowerCase()) {
    case 'fhir-r4':
      return '4.0';
    case 'fhir-stu3':
      return '3.0';
    default:
      return undefined;
  }
}

function importModeOf(
  configuration: { enabled?: boolean | undefined; initialImportMode?: boolean | undefined } | undefined,
  known: boolean,
): DiscoveredService['importMode'] {
  if (!known) return undefined;
  if (configuration?.enabled !== true) return 'off';
  return configuration.initialImportMode === true ? 'initial' : 'incremental';
}

function identityOf(type: string | undefined): DiscoveredService['identity'] {
  const words = (type ?? '').toLowerCase().split(/[\s,]+/);
  const system = words.includes('systemassigned');
  const user = words.includes('userassigned');
  if (system && user) return 'both';
  if (system) return 'systemAssigned';
  return user ? 'userAssigned' : 'none';
}

function accessOf(value: string | undefined): boolean | undefined {
  switch (value?.toLowerCase()) {
    case 'enabled':
      return true;
    case 'disabled':
      return false;
    default:
      return undefined;
  }
}
