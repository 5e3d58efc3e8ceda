import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import { type ArmClient, healthcareApiVersion } from './armClient.ts';

const schema = v.object({
  nameAvailable: v.boolean(),
  reason: v.optional(v.nullable(v.string())),
  message: v.optional(v.nullable(v.string())),
});

/** Whether a name can be had; `unknown` where the provider checks no names of this type. */
export type NameCheck =
  { readonly state: 'available' | 'unknown' } | { readonly state: 'taken' | 'invalid'; readonly message: string };

/**
 * Asks the provider whether a name is free (Services_CheckNameAvailability). @throws FailureError as ARM says, but for a
 * type that is not checked
 */
export async function checkName(
  arm: ArmClient,
  subscriptionId: string,
  tenantId: string | undefined,
  type: string,
  name: string,
  signal: AbortSignal,
): Promise<NameCheck> {
  try {
    const { json } = await arm.query(
      {
        path: `/subscriptions/${subscriptionId}/providers/Microsoft.HealthcareApis/checkNameAvailability`,
        apiVersion: healthcareApiVersion,
        template: '/{subscription}/providers/Microsoft.HealthcareApis/checkNameAvailability',
        tried: `Checking the name ${name}`,
        tenantId,
      },
      { type, name },
      signal,
    );
    const read = v.safeParse(schema, json);
    if (!read.success) return { state: 'unknown' };
    if (read.output.nameAvailable) return { state: 'available' };
    const invalid = read.output.reason === 'Invalid';
    return { state: invalid ? 'invalid' : 'taken', message: read.output.message ?? `The name ${name} cannot be used.` };
  } catch (error) {
    if (FailureError.is(error) && error.failure.status === 400) return { state: 'unknown' };
    throw error;
  }
}
