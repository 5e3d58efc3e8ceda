import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { TokenRequest, TokenSource } from '../../azure/tokens.ts';
import type { Plan, PlanService } from '../../engine/plan.ts';
import type { ClientSecret } from '../../services/contract.ts';
import { FailureError } from '../../failure/failure.ts';
import type { Prompts } from '../platform/prompts.ts';
import type { Settings } from '../platform/settings.ts';
import { withProgress } from '../platform/signals.ts';
import { clientSecretKey } from './clientSecret.ts';
import { EditorTokens, type InteractiveRequest } from './editorTokens.ts';

/** A browser that was closed gives no answer: waiting for it ends. */
const waitForBrowserMs = 5 * 60_000;

/** Signing in by whichever way the settings choose. */
export class SignIn {
  readonly #settings: () => Settings;
  readonly #prompts: () => Prompts;
  readonly #secrets: vscode.SecretStorage;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onChange = this.#changed.event;
  #tokens: EditorTokens;
  #provider: string;
  #asking = 0;

  constructor(settings: () => Settings, prompts: () => Prompts, secrets: vscode.SecretStorage) {
    this.#settings = settings;
    this.#prompts = prompts;
    this.#secrets = secrets;
    this.#provider = settings().provider;
    this.#tokens = new EditorTokens(this.#provider);
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.authentication.onDidChangeSessions(({ provider }) => {
        const ours = provider.id === this.#settings().provider && this.#settings().method === 'vscode';
        // What our own question changes is followed up by whoever asked it.
        if (ours && this.#asking === 0) this.#changed.fire();
      }),
      this.#secrets.onDidChange(({ key }) => {
        if (key === clientSecretKey(this.#settings())) this.#changed.fire();
      }),
      this.#changed,
    );
  }

  /** Tokens of the account that the editor knows. */
  get tokens(): TokenSource {
    return this.#editorTokens();
  }

  /** Name of the account that is used; undefined where another way to sign in is chosen or nobody is signed in. */
  get account(): string | undefined {
    return this.#settings().method === 'vscode' ? this.#editorTokens().account : undefined;
  }

  /** Something could not be had silently since the last sign-in. */
  get somethingRefused(): boolean {
    return this.#editorTokens().refused !== undefined;
  }

  /** Keeps the secret of a service principal in the editor's secret storage. */
  async storeClientSecret(principal: ClientSecret): Promise<void> {
    await this.#secrets.store(clientSecretKey(principal), principal.secret);
  }

  /** The stored secret of the service principal that the settings name. */
  async clientSecret(): Promise<string | undefined> {
    return this.#secrets.get(clientSecretKey(this.#settings()));
  }

  /** True when a token for Azure's control plane can be had without asking. Other ways find out when they are used. */
  async isSignedIn(): Promise<boolean> {
    if (this.#settings().method !== 'vscode') return true;
    try {
      return await this.#editorTokens().isSignedIn(this.#controlPlane());
    } catch (error) {
      if (FailureError.is(error, 'notSignedIn')) return false;
      throw error;
    }
  }

  /** Asks the user to sign in, for what was refused last when nothing is named. False when the user gave up. */
  async signIn(request: Partial<InteractiveRequest> = {}): Promise<boolean> {
    switch (this.#settings().method) {
      case 'vscode': {
        const tokens = this.#editorTokens();
        const refused = request.tenantId === undefined && request.otherAccount !== true ? tokens.refused : undefined;
        await this.#waitForBrowser(tokens, { scope: this.#controlPlane(), ...refused, ...request });
        return true;
      }
      case 'azureCli':
        return this.#explainAzureCli();
      case 'clientSecret':
        await vscode.commands.executeCommand('fhirMigration.addClientSecret');
        return true;
    }
  }

  /** Makes sure that everything a plan needs can be had, asking where it must: called when the user starts something. */
  async ensureFor(plan: Plan, signal: AbortSignal): Promise<void> {
    if (this.#settings().method !== 'vscode') return;
    const { storageAudience } = this.#settings().cloud;
    await this.#ensure(
      [
        serviceToken(plan.source),
        serviceToken(plan.target),
        { scope: `${storageAudience}/.default`, ...tenantOf(plan.staging.tenantId ?? plan.target.tenantId) },
      ],
      signal,
    );
  }

  /** The same for services alone; a server that was added by address may need no token, so none is asked for. */
  async ensureForServices(services: readonly (DiscoveredService | PlanService)[], signal: AbortSignal): Promise<void> {
    if (this.#settings().method !== 'vscode') return;
    await this.#ensure(services.filter(({ kind }) => kind !== 'fhirServer').map(serviceToken), signal);
  }

  async #ensure(requests: readonly TokenRequest[], signal: AbortSignal): Promise<void> {
    const tokens = this.#editorTokens();
    for (const request of requests) {
      try {
        await tokens.getToken(request, signal);
      } catch (error) {
        if (!FailureError.is(error, 'notSignedIn')) throw error;
        await this.#waitForBrowser(tokens, request);
      }
    }
  }

  #editorTokens(): EditorTokens {
    const { provider } = this.#settings();
    if (provider !== this.#provider) {
      this.#provider = provider;
      this.#tokens = new EditorTokens(provider);
    }
    return this.#tokens;
  }

  #controlPlane(): string {
    return `${this.#settings().cloud.resourceManagerAudience.replace(/\/+$/, '')}/.default`;
  }

  async #waitForBrowser(tokens: EditorTokens, request: InteractiveRequest): Promise<void> {
    const title = vscode.l10n.t('Waiting for the sign-in to finish…');
    await withProgress('notification', title, async (signal) => {
      const givenUp = Promise.withResolvers<never>();
      const giveUp = (failure: FailureError): void => givenUp.reject(failure);
      const cancelled = (): void =>
        giveUp(new FailureError({ kind: 'cancelled', message: 'The sign-in was given up.' }));
      signal.addEventListener('abort', cancelled, { once: true });
      const timer = setTimeout(() => giveUp(timedOut()), waitForBrowserMs);
      this.#asking++;
      try {
        await Promise.race([tokens.signIn(request), givenUp.promise]);
      } catch (error) {
        throw FailureError.is(error) ? error : declined(request, error);
      } finally {
        this.#asking--;
        clearTimeout(timer);
        signal.removeEventListener('abort', cancelled);
      }
    });
  }

  async #explainAzureCli(): Promise<boolean> {
    const answer = await this.#prompts().message({
      id: 'signIn.azureCli',
      severity: 'info',
      text: vscode.l10n.t('The settings choose the Azure CLI: sign in with "az login" in a terminal, then refresh.'),
      buttons: [{ id: 'terminal', label: vscode.l10n.t('Open Terminal') }],
    });
    if (answer !== 'terminal') return false;
    const terminal = vscode.window.createTerminal('Azure CLI');
    terminal.show();
    // Typed, not run: the user may want to add a tenant.
    terminal.sendText('az login', false);
    return true;
  }
}

/** What is asked for to talk to a service of a plan. */
function serviceToken({
  audience,
  endpoint,
  tenantId,
}: Pick<DiscoveredService, 'audience' | 'endpoint' | 'tenantId'> | PlanService): TokenRequest {
  return { scope: `${(audience ?? endpoint).replace(/\/+$/, '')}/.default`, ...tenantOf(tenantId) };
}

const tenantOf = (tenantId: string | undefined): { readonly tenantId?: string } =>
  tenantId === undefined ? {} : { tenantId };

const timedOut = (): FailureError =>
  new FailureError({
    kind: 'notSignedIn',
    message: 'The sign-in was not finished within five minutes.',
    nextStep: 'Try again, and look for the sign-in page in your browser.',
  });

function declined({ tenantId }: InteractiveRequest, cause: unknown): FailureError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const text =
    tenantId === undefined ? 'The sign-in did not succeed' : `The sign-in to tenant ${tenantId} did not succeed`;
  // The editor rejects with these words when the user closes its question.
  const closed = /cancel|did not consent|timed out waiting/i.test(reason);
  return new FailureError(
    closed
      ? { kind: 'cancelled', message: 'The sign-in was given up.' }
      : {
          kind: 'notSignedIn',
          message: `${text}: ${reason}`,
          nextStep:
            'Try again, choose another account, or choose another way with fhirMigration.authentication.method.',
        },
    { cause },
  );
}
