import * as v from 'valibot';
import type { ArmClient } from './armClient.ts';
import { armRows } from './armRows.ts';

const schema = v.object({
  name: v.pipe(v.string(), v.regex(/^[\w.()-]{1,90}$/)),
  location: v.fallback(v.string(), ''),
});

export interface ResourceGroup {
  readonly name: string;
  readonly location: string;
}

/** Resource groups of a subscription that the account can see. */
export async function listResourceGroups(
  arm: ArmClient,
  subscriptionId: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<readonly ResourceGroup[]> {
  const found: ResourceGroup[] = [];
  const rows = armRows(
    arm,
    {
      path: `/subscriptions/${subscriptionId}/resourcegroups`,
      apiVersion: '2022-09-01',
      template: '/{subscription}/resourcegroups',
      tried: 'Listing the resource groups',
      tenantId,
    },
    schema,
    signal,
  );
  for await (const row of rows) {
    found.push(row);
  }
  return found;
}
