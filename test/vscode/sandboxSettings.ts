import { cloudOf } from '../sandbox/cloudSettings.ts';
import type { RunningSandbox } from '../sandbox/contract.ts';
import { sandboxAccountProvider } from './account/build.ts';
import { sandboxLoginVariable } from './account/login.ts';
import type { SandboxLogin } from './account/login.ts';

/** The user settings with which the extension takes the sandbox for its cloud, and the sandbox's account for its own. */
export function settingsFor(sandbox: RunningSandbox): Record<string, unknown> {
  return {
    'fhirMigration.cloud.environment': 'custom',
    'fhirMigration.cloud.custom': cloudOf(sandbox),
    'fhirMigration.authentication.method': 'vscode',
    'fhirMigration.authentication.provider': sandboxAccountProvider,
  };
}

/** What the account's extension needs to know in its extension host. */
export function accountEnvironment(sandbox: RunningSandbox): Record<string, string> {
  const { loginEndpoint, tenantId, clientId, clientSecret, certificateAuthority } = sandbox;
  const login: SandboxLogin = { loginEndpoint, tenantId, clientId, clientSecret, certificateAuthority };
  return { [sandboxLoginVariable]: JSON.stringify(login) };
}
