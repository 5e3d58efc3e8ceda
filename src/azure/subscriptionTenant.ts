import * as v from 'valibot';
import type { ArmClient } from './armClient.ts';
import { parseResourceId } from './resourceId.ts';

const schema = v.object({ tenantId: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)) });

/** Tenant of the subscription that a resource is in; undefined when Azure does not tell. @throws FailureError as ARM says */
export async function subscriptionTenant(
  arm: ArmClient,
  resourceId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const id = parseResourceId(resourceId);
  if (id === undefined) return undefined;
  const raw = await arm.get(
    {
      path: `/subscriptions/${id.subscriptionId}`,
      apiVersion: '2022-12-01',
      template: '/subscriptions/{id}',
      tried: 'Reading the subscription',
      tenantId: undefined,
    },
    signal,
  );
  const read = v.safeParse(schema, raw);
  return read.success ? read.output.tenantId : undefined;
}
