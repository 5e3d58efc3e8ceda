import * as v from 'valibot';
import type { ArmClient } from './armClient.ts';
import type { SubscriptionInfo, TenantInfo } from './discovered.ts';

const apiVersion = '2022-12-01';
const name = v.fallback(v.optional(v.nullable(v.pipe(v.string(), v.maxLength(300)))), undefined);
const guid = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));
const tenantSchema = v.object({ tenantId: guid, displayName: name, defaultDomain: name });
const subscriptionSchema = v.object({ subscriptionId: guid, displayName: name });

/** Tenants of the signed-in account. Rows without a usable id are left out. */
export async function listTenants(arm: ArmClient, signal: AbortSignal): Promise<readonly TenantInfo[]> {
  const found: TenantInfo[] = [];
  const pages = arm.pages(
    { path: '/tenants', apiVersion, template: '/tenants', tried: 'Listing the tenants', tenantId: undefined },
    signal,
  );
  for await (const rows of pages)
    for (const row of rows) {
      const read = v.safeParse(tenantSchema, row);
      if (!read.success) continue;
      const { tenantId, displayName, defaultDomain } = read.output;
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
  const pages = arm.pages(
    { path: '/subscriptions', apiVersion, template: '/subscriptions', tried: 'Listing the subscriptions', tenantId },
    signal,
  );
  for await (const rows of pages)
    for (const row of rows) {
      const read = v.safeParse(subscriptionSchema, row);
      if (!read.success) continue;
      const subscriptionId = read.output.subscriptionId.toLowerCase();
      found.set(subscriptionId, { subscriptionId, tenantId, name: read.output.displayName ?? subscriptionId });
    }
  return [...found.values()];
}
