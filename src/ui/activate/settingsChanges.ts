import * as vscode from 'vscode';
import type { ContextKeys } from '../platform/contextKeys.ts';
import type { EditorSettings } from '../platform/editorSettings.ts';
import { Owner, type Disposable } from '../platform/owner.ts';
import { servicesSettings } from '../platform/settings.ts';
import { Throttle } from '../platform/throttle.ts';
import type { Wired } from './createUi.ts';

/** Several settings that are written together are followed once; sign-ins of several tenants likewise. */
const settleMs = 1000;

/**
 * Follows changes of settings and of accounts. Another cloud, account or journal folder means that everything that
 * talks to Azure is made anew: what this window drove is let go of first, and offered again.
 */
export function followSettings(
  { ui, holder }: Wired,
  settings: EditorSettings,
  keys: ContextKeys,
  resume: () => Promise<void>,
): Disposable {
  const owner = new Owner();
  keys.set('signInMethod', settings.current.method);
  const restart = async (): Promise<void> => {
    const [hadServices, hadMigrations] = [ui.catalog.current.state !== 'notLoaded', ui.migrations.states !== undefined];
    const droveSomething = (ui.migrations.states ?? []).some(({ driven }) => driven === 'here');
    // In this order: a handle that was forgotten is no longer let go of when the services end.
    await holder.reset();
    ui.migrations.forget();
    await Promise.all([
      hadServices ? ui.catalog.refresh() : undefined,
      hadMigrations ? ui.migrations.load() : undefined,
    ]);
    if (droveSomething) await resume();
  };
  const restarting = owner.add(
    new Throttle(settleMs, () => {
      restart().catch((error: unknown) => ui.presenter.present(error, 'fhirMigration.settings'));
    }),
  );
  owner.add(
    settings.onChange((names) => {
      keys.set('signInMethod', settings.current.method);
      for (const problem of settings.current.problems) ui.log.warn(`Setting ignored: ${problem}`);
      const [first] = settings.current.problems;
      if (first !== undefined) void tellProblem(first);
      if (names.some((name) => servicesSettings.includes(name))) restarting.request();
    }),
  );
  const refreshing = owner.add(new Throttle(settleMs, () => void ui.catalog.refresh()));
  owner.add(
    ui.signIn.onChange(() => {
      if (settings.current.method === 'clientSecret') restarting.request();
      else if (ui.catalog.current.state !== 'notLoaded') refreshing.request();
    }),
  );
  const tellProblem = async (problem: string): Promise<void> => {
    const answer = await ui.prompts.message({
      id: 'settings.problem',
      severity: 'warning',
      text: problem,
      buttons: [{ id: 'open', label: vscode.l10n.t('Open Settings') }],
    });
    if (answer === 'open') await vscode.commands.executeCommand('workbench.action.openSettings', 'fhirMigration');
  };
  return owner;
}
