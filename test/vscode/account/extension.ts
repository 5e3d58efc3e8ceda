import * as vscode from 'vscode';

import { requestToken, sandboxLoginVariable } from './login.ts';
import type { SandboxLogin } from './login.ts';

const account = { id: 'sandbox-operator', label: 'operator@sandbox.example' };
const signedInKey = 'signedIn';

/**
 * An account for tests and demos that behaves as the editor's Microsoft account does: one sign-in, then a session for
 * any scope and tenant without asking again.
 */
class SandboxAccount implements vscode.AuthenticationProvider {
  readonly #login: SandboxLogin;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly onDidChangeSessions = this.#changed.event;

  constructor(login: SandboxLogin, memory: vscode.Memento) {
    this.#login = login;
    this.#memory = memory;
  }

  async getSessions(scopes: readonly string[] | undefined): Promise<vscode.AuthenticationSession[]> {
    if (!this.#memory.get<boolean>(signedInKey, false)) return [];
    return [await this.#session(scopes ?? [])];
  }

  async createSession(scopes: readonly string[]): Promise<vscode.AuthenticationSession> {
    const session = await this.#session(scopes);
    await this.#memory.update(signedInKey, true);
    this.#changed.fire({ added: [session], removed: [], changed: [] });
    return session;
  }

  async removeSession(sessionId: string): Promise<void> {
    await this.#memory.update(signedInKey, false);
    const removed = { id: sessionId, accessToken: '', account, scopes: [] };
    this.#changed.fire({ added: [], removed: [removed], changed: [] });
  }

  async #session(scopes: readonly string[]): Promise<vscode.AuthenticationSession> {
    const tenantId = scopes.find((scope) => scope.startsWith('VSCODE_TENANT:'))?.slice('VSCODE_TENANT:'.length);
    const scope = scopes.find((each) => !each.startsWith('VSCODE_') && each.includes('/'));
    const accessToken =
      scope === undefined ? '' : await requestToken(this.#login, scope, tenantId ?? this.#login.tenantId);
    return { id: scopes.join(' '), accessToken, account, scopes };
  }
}

export function activate(context: vscode.ExtensionContext): void {
  const login = process.env[sandboxLoginVariable];
  if (login === undefined) throw new Error(`${sandboxLoginVariable} is not set.`);
  const provider = new SandboxAccount(JSON.parse(login) as SandboxLogin, context.globalState);
  context.subscriptions.push(
    vscode.authentication.registerAuthenticationProvider('sandbox-account', 'Sandbox', provider, {
      supportsMultipleAccounts: false,
    }),
  );
}
