import { commands } from 'vscode';

import type { TestApi, TestRow } from '../../src/ui/activate/testApi.ts';
import type { ServiceTreeNode } from '../../src/ui/tree/nodes.ts';
import { sandboxLoginVariable } from '../vscode/account/login.ts';
import type { SandboxLogin } from '../vscode/account/login.ts';
import { eventually } from './eventually.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { testApi } from './testApi.ts';

/** Signs in with the sandbox's service principal, by the command that a user runs for it, and loads the services. */
export async function signedIn(): Promise<TestApi> {
  const api = await testApi();
  if (api.ui.settings().method === 'clientSecret' && api.ui.catalog.services.length > 0) return api;
  const login = JSON.parse(process.env[sandboxLoginVariable] ?? '') as SandboxLogin;
  api.setPrompts(
    new ScriptedPrompts({
      'clientSecret.tenantId': [login.tenantId],
      'clientSecret.clientId': [login.clientId],
      'clientSecret.secret': [login.clientSecret],
    }),
  );
  await commands.executeCommand('fhirMigration.addClientSecret');
  await eventually('the services of the sandbox', () => api.ui.catalog.services.length > 0);
  return api;
}

/** All rows of a tree, from the top. */
export function flat<N>(rows: readonly TestRow<N>[]): TestRow<N>[] {
  return rows.flatMap((row) => [row, ...flat(row.children)]);
}

/** The row of a service, waited for, with the argument that its menu commands get. */
export async function serviceRow(api: TestApi, name: string): Promise<TestRow<ServiceTreeNode>> {
  return await eventually(`the row of ${name}`, () =>
    flat(api.services()).find(({ label, contextValue }) => label === name && contextValue.startsWith(';service;')),
  );
}
