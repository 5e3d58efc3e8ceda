import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import type { ArmClient } from './armClient.ts';
import { armRows } from './armRows.ts';
import { parseResourceId } from './resourceId.ts';
import { queryGraph, subscriptionsPerQuery } from './resourceGraph.ts';
import { listSubscriptions, listTenants } from './accounts.ts';

/** Newest api-version of Microsoft.Storage that the reference knows. */
export const storageApiVersion = '2026-09-01';
const accountType = 'microsoft.storage/storageaccounts';

/** A storage account as ARM describes it. */
export interface StorageAccount {
  readonly name: string;
  readonly resourceId: string;
  readonly tenantId: string | undefined;
  readonly blobEndpoint: string;
  readonly hierarchicalNamespace: boolean;
  readonly sharedKeyAccess: boolean;
  /** Everything may reach the account, or only what its firewall lets through. */
  readonly openToAll: boolean;
  readonly publicNetworkAccess: boolean;
  /** The firewall's exception for trusted Azure services. */
  readonly trustedServices: boolean;
  /** Lower-case resource ids that the firewall lets through. */
  readonly allowedResources: readonly string[];
}

const schema = v.object({
  id: v.string(),
  properties: v.object({
    primaryEndpoints: v.object({ blob: v.string() }),
    isHnsEnabled: v.optional(v.nullable(v.boolean())),
    allowSharedKeyAccess: v.optional(v.nullable(v.boolean())),
    publicNetworkAccess: v.optional(v.nullable(v.string())),
    networkAcls: v.optional(
      v.nullable(
        v.object({
          bypass: v.optional(v.nullable(v.string())),
          defaultAction: v.optional(v.nullable(v.string())),
          resourceAccessRules: v.optional(
            v.nullable(v.array(v.object({ resourceId: v.optional(v.nullable(v.string())) }))),
          ),
        }),
      ),
    ),
  }),
});

/** Reads an account by its resource id. Throws `invalidInput` for the id of something else. */
export async function readStorageAccount(
  arm: ArmClient,
  resourceId: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<StorageAccount> {
  const id = parseResourceId(resourceId);
  const [name] = id?.names ?? [];
  if (id?.type !== accountType || name === undefined)
    throw new FailureError({
      kind: 'invalidInput',
      message: 'The resource id is not that of a storage account.',
      nextStep: 'Copy the id of the storage account from its page in the Azure portal.',
    });
  const raw = await arm.get(
    {
      path: resourceId.replace(/\/+$/, ''),
      apiVersion: storageApiVersion,
      template: '/{storage account}',
      tried: `Reading the storage account ${name}`,
      tenantId,
    },
    signal,
  );
  return toAccount(raw, name, tenantId);
}

function toAccount(raw: unknown, name: string, tenantId: string | undefined): StorageAccount {
  const read = v.safeParse(schema, raw);
  const endpoint = read.success ? read.output.properties.primaryEndpoints.blob.replace(/\/+$/, '') : '';
  if (!read.success || !URL.canParse(endpoint) || new URL(endpoint).protocol !== 'https:')
    throw new FailureError({
      kind: 'unexpectedAnswer',
      message: `Azure described the storage account ${name} without a usable blob endpoint.`,
      nextStep: 'Check that the account has blob storage.',
    });
  const { properties, id } = read.output;
  const acls = properties.networkAcls;
  const publicNetworkAccess = !/^(?:disabled|securedbyperimeter)$/i.test(properties.publicNetworkAccess ?? '');
  return {
    name,
    resourceId: id,
    tenantId,
    blobEndpoint: endpoint,
    hierarchicalNamespace: properties.isHnsEnabled === true,
    sharedKeyAccess: properties.allowSharedKeyAccess !== false,
    openToAll: publicNetworkAccess && !/^deny$/i.test(acls?.defaultAction ?? ''),
    publicNetworkAccess,
    trustedServices: /\bAzureServices\b/i.test(acls?.bypass ?? ''),
    allowedResources: (acls?.resourceAccessRules ?? []).flatMap(({ resourceId }) => resourceId?.toLowerCase() ?? []),
  };
}

const rowSchema = v.looseObject({ id: v.string(), name: v.string() });

/**
 * Finds an account by its name, first in the subscription of the service that names it, where one request describes all
 * accounts and where it has to be (Microsoft Learn, fhir/configure-export-data), then as {@link findStorageAccount} does.
 */
export async function findStorageAccountNear(
  arm: ArmClient,
  accountName: string,
  { subscriptionId, tenantId }: { readonly subscriptionId: string | undefined; readonly tenantId: string | undefined },
  signal: AbortSignal,
): Promise<StorageAccount> {
  const name = accountName.toLowerCase();
  try {
    if (subscriptionId !== undefined) {
      const rows = armRows(
        arm,
        {
          path: `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/Microsoft.Storage/storageAccounts`,
          apiVersion: storageApiVersion,
          template: '/subscriptions/{id}/providers/Microsoft.Storage/storageAccounts',
          tried: 'Listing the storage accounts of the subscription',
          tenantId,
        },
        rowSchema,
        signal,
      );
      for await (const row of rows) if (row.name.toLowerCase() === name) return toAccount(row, name, tenantId);
    }
  } catch (error) {
    // Who may not list a whole subscription may still see the account itself.
    if (!FailureError.is(error, 'forbidden')) throw error;
  }
  return findStorageAccount(arm, name, tenantId, signal);
}

/**
 * Finds an account by its name, which services' settings hold without an id, in all subscriptions of a tenant, or of all
 * tenants when none is given. Throws `notFound` when it cannot be seen, `invalidInput` for a name that cannot be one.
 */
export async function findStorageAccount(
  arm: ArmClient,
  accountName: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<StorageAccount> {
  const name = accountName.toLowerCase();
  // Goes into a query, so only what a name may be made of.
  if (!/^[a-z0-9]{3,24}$/.test(name))
    throw new FailureError({
      kind: 'invalidInput',
      message: 'A storage account has 3 to 24 lower-case letters and digits.',
    });
  const query = `Resources | where type =~ '${accountType}' and name =~ '${name}' | project id, name | order by id asc`;
  const tenants = tenantId === undefined ? (await listTenants(arm, signal)).map((one) => one.tenantId) : [tenantId];
  let refusal: FailureError | undefined;
  for (const tenant of tenants) {
    try {
      const ids = (await listSubscriptions(arm, tenant, signal)).map(({ subscriptionId }) => subscriptionId);
      for (let at = 0; at < ids.length; at += subscriptionsPerQuery) {
        const subscriptionIds = ids.slice(at, at + subscriptionsPerQuery);
        const graph = { tenantId: tenant, subscriptionIds, query, tried: `Looking for the storage account ${name}` };
        for await (const [row] of queryGraph(arm, graph, signal))
          if (typeof row?.id === 'string') return await readStorageAccount(arm, row.id, tenant, signal);
      }
    } catch (error) {
      // One tenant that cannot be asked must not hide the account in another.
      if (!FailureError.is(error) || FailureError.is(error, 'cancelled') || tenants.length === 1) throw error;
      refusal ??= error;
    }
  }
  if (refusal !== undefined) throw refusal;
  throw new FailureError({
    kind: 'notFound',
    message: `No storage account named ${name} can be seen.`,
    nextStep: 'Check the name, sign in to the tenant of the account, or give its resource id.',
  });
}
