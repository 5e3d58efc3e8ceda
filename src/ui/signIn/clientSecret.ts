import type { Settings } from '../platform/settings.ts';

/** Name of the stored secret of a service principal: one for each tenant and client. */
export function clientSecretKey({ tenantId, clientId }: Pick<Settings, 'tenantId' | 'clientId'>): string {
  return `fhirMigration.clientSecret:${tenantId ?? ''}/${clientId ?? ''}`;
}
