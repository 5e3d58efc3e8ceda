import * as v from 'valibot';
import type { ArmClient } from './armClient.ts';
import { armRows } from './armRows.ts';
import type { SubscriptionInfo, TenantInfo } from './discovered.ts';

const apiVersion = '2022-12-01';
const name = v.fallback(v.optional(v.nullable(v.pipe(v.string(), v.maxLength(300)))), undefined);
const guid = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));
const tenantSchema = v.object({ tenantId: guid, displayName: name, defaultDomain: name });
const subscriptionSchema = v.object({ subscriptionId: guid, displayName: name });

/** Tenants of the signed-in account. Rows without a usable id are left out. */
export async function listTenants(arm: ArmClient, signal: AbortSignal): Promise<readonly TenantInfo[]> {
  const found: TenantInfo[] = [];
  const rows = armRows(
    arm,
    { path: '/tenants', apiVersion, template: '/tenants', tried: 'Listing the tenants', tenantId: undefined },
    tenantSchema,
    signal,
  );
  for await (const row of rows) {
    const { tenantId, displayName, defaultDomain } = row;
    found.push({ tenantId, name: displayName ?? defaultDomain ?? tenantId });
  }
  return found;
}

/** Subscriptions that can be reached through a tenant. Needs a token of that tenant. */
export async function listSubscriptions(
  arm: ArmClient,
  tenantId: string,
  signal: AbortSignal,
): Promise<readonly SubscriptionInfo[]> {
  const found = new Map<string, SubscriptionInfo>();
  const rows = armRows(
    arm,
    { path: '/subscriptions', apiVersion, template: '/subscriptions', tried: 'Listing the subscriptions', tenantId },
    subscriptionSchema,
    signal,
  );
  for await (const row of rows) {
    const subscriptionId = row.subscriptionId.toLowerCase();
    found.set(subscriptionId, { subscriptionId, tenantId, name: row.displayName ?? subscriptionId });
  }
  return [...found.values()];
}
