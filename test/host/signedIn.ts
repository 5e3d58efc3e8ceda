import { commands } from 'vscode';
import { sandboxLoginVariable, type SandboxLogin } from '../vscode/account/login.ts';
import { eventually } from './eventually.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { testApi } from './testApi.ts';

/** Signs in with a service principal, which asks nothing on the screen, and waits until the services are known. */
export async function signedIn(): Promise<void> {
  const api = await testApi();
  const login = process.env[sandboxLoginVariable];
  if (login === undefined) throw new Error(`${sandboxLoginVariable} is not set.`);
  const { tenantId, clientId, clientSecret } = JSON.parse(login) as SandboxLogin;
  api.setPrompts(
    new ScriptedPrompts({
      'clientSecret.tenantId': [tenantId],
      'clientSecret.clientId': [clientId],
      'clientSecret.secret': [clientSecret],
    }),
  );
  await commands.executeCommand('fhirMigration.addClientSecret');
  api.setPrompts(undefined);
  await eventually('The services', () => api.ui.catalog.services.length > 0);
}
