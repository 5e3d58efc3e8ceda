import type { SandboxOptions } from '../sandbox/contract.ts';

export const sourceName = 'contoso';
export const targetName = 'contoso-clinical';
export const otherTargetName = 'northwind-clinical';
/** A source with custom search parameters and profiles. */
export const definitionsName = 'fabrikam';

/** The Azure of the host tests: small, so that a whole migration takes seconds, and with one subscription locked. */
export const hostWorld: SandboxOptions = {
  services: [
    {
      name: sourceName,
      flavour: 'azureApiForFhir',
      data: [{ kind: 'patients', count: 5, years: 2 }],
      exportTiming: { settleMs: 100 },
      place: { subscription: 1, location: 'westeurope' },
    },
    { name: targetName, flavour: 'ahds', place: { subscription: 2, workspace: 'clinical', location: 'westeurope' } },
    {
      name: otherTargetName,
      flavour: 'ahds',
      place: { subscription: 2, workspace: 'research', location: 'northeurope' },
    },
    {
      name: definitionsName,
      flavour: 'azureApiForFhir',
      data: [{ kind: 'customDefinitions' }],
      place: { subscription: 2, location: 'northeurope' },
    },
  ],
  subscriptions: 3,
  forbiddenSubscriptions: [3],
};

/** The environment variable through which tests reach the sandbox's admin endpoint, as JSON. */
export const sandboxAdminVariable = 'FHIR_MIGRATION_SANDBOX_ADMIN';

export interface SandboxAdminAddress {
  readonly endpoint: string;
  readonly certificateAuthority: string;
}
