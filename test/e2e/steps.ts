import type { Story } from './story.ts';
import type { Workbench } from './workbench/workbench.ts';

/** Names of the two services of the browser stories. */
export const sourceName = 'contoso';
export const targetName = 'clinical';

/** Accessible names of the services in the tree; state and location follow. */
export const sourceItem = /^Azure API for FHIR contoso\b/;
export const targetItem = /^AHDS FHIR service clinical\b/;

/** Opens a window with the extension's views. */
export async function openViews(story: Story): Promise<Workbench> {
  const window = await story.openWindow();
  await window.openActivity('FHIR Migration');
  return window;
}

/** Signs in as a person does: the button of the welcome, then VS Code's own question. */
export async function signIn(window: Workbench): Promise<void> {
  await window.tree('Services').welcome.getByRole('button', { name: 'Sign In to Azure' }).click();
  await window.dialog.getByRole('button', { name: 'Allow' }).click();
  await window.tree('Services').item(sourceItem).waitFor();
}

/** Walks from right-click to the open plan file with the first answer to every question. */
export async function planMigration(window: Workbench): Promise<void> {
  await window.tree('Services').choose(sourceItem, 'Migrate to…');
  await window.quickInput.waitFor('Migrate contoso (1/7)');
  await window.quickInput.choose(targetName);
  for (const step of [2, 3, 4, 5, 6, 7]) {
    await window.quickInput.waitFor(`Migrate contoso (${step}/7)`);
    await window.quickInput.accept();
  }
  await window.editors.tab(/^contoso-to-clinical\.fhirmigration\.json/).waitFor();
}

/** Starts the plan that is open, from the link above its first line, and waits for the panel. */
export async function startPlan(window: Workbench): Promise<void> {
  await window.editors.codeLens('Start Migration').first().click();
  await window.editors.webview.getByRole('heading', { level: 1, name: 'contoso to clinical' }).waitFor();
}

/** The word for the phase in the panel's header. */
export async function waitForPhase(window: Workbench, phase: string | RegExp, timeoutMs = 120_000): Promise<void> {
  await window.editors.webview.locator('.phase').filter({ hasText: phase }).waitFor({ timeout: timeoutMs });
}

/** Current resources of the source that are not the same on the target, seen from inside the sandbox. */
export function missingOnTarget({ sandbox }: Story): string[] {
  const [source, target] = [sandbox.store(sourceName), sandbox.store(targetName)];
  return source.types().flatMap((type) =>
    [...source.currents(type)]
      .filter((wanted) => {
        const found = target.current(type, wanted.id);
        return found?.deleted !== wanted.deleted || found.json !== wanted.json || found.versionId !== wanted.versionId;
      })
      .map(({ id }) => `${type}/${id}`),
  );
}
