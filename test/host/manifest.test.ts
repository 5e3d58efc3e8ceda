import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from 'vscode';

import { extensionFile, extensionUnderTest, linkedCommands, manifest } from './manifest.ts';
import type { WalkthroughStep } from './manifest.ts';

const prefix = 'fhirMigration.';

describe('the manifest', () => {
  let registered: readonly string[];
  const contributed = (): string[] => manifest().contributes.commands.map(({ command }) => command);

  before(async () => {
    await extensionUnderTest().activate();
    registered = await commands.getCommands(true);
  });

  it('contributes commands that are registered', () => {
    assert.ok(contributed().length > 10);
    assert.deepEqual(missing(contributed(), registered), []);
  });

  it('contributes every command that is registered', () => {
    const views = Object.values(manifest().contributes.views)
      .flat()
      .map(({ id }) => `${id}.`);
    // VS Code itself adds commands such as `….focus` and `….resetViewLocation` to every view.
    const ours = registered.filter(
      (command) => command.startsWith(prefix) && !views.some((view) => command.startsWith(view)),
    );
    assert.deepEqual(missing(ours, contributed()), []);
  });

  it('names existing commands in menus, keys, welcomes and walkthroughs', () => {
    const { menus, keybindings, viewsWelcome, walkthroughs } = manifest().contributes;
    const named = [
      ...Object.values(menus)
        .flat()
        .flatMap(({ command }) => command ?? []),
      ...(keybindings ?? []).map(({ command }) => command),
      ...viewsWelcome.flatMap(({ contents }) => linkedCommands(contents)),
      ...(walkthroughs ?? []).flatMap(({ steps }) => steps.flatMap(commandsOfStep)),
    ];
    assert.ok(named.length > 10);
    const known = new Set([...contributed(), ...registered]);
    assert.deepEqual(missing(named, [...known]), []);
  });

  it('names existing views in menus and welcomes', () => {
    const { views, menus, viewsWelcome } = manifest().contributes;
    const known = Object.values(views)
      .flat()
      .map(({ id }) => id);
    const named = [
      ...viewsWelcome.map(({ view }) => view),
      ...Object.values(menus)
        .flat()
        .flatMap(({ when }) => [...(when ?? '').matchAll(/\bview == ([\w.]+)/g)].flatMap(([, view]) => view ?? [])),
    ];
    assert.ok(named.length > 2);
    assert.deepEqual(missing(named, known), []);
  });

  it('names files that exist', () => {
    const { contributes, icon } = manifest();
    const files = [
      icon,
      ...contributes.commands.flatMap((command) => filesOfIcon(command.icon)),
      ...Object.values(contributes.viewsContainers)
        .flat()
        .flatMap((container) => filesOfIcon(container.icon)),
      ...Object.values(contributes.views)
        .flat()
        .flatMap((view) => filesOfIcon(view.icon)),
      ...(contributes.walkthroughs ?? []).flatMap(({ steps }) => steps.flatMap(filesOfStep)),
      ...(contributes.jsonValidation ?? []).map(({ url }) => url).filter((url) => url.startsWith('.')),
    ].filter((file) => file !== undefined);
    assert.ok(files.length > 2);
    const root = extensionUnderTest().extensionPath;
    assert.deepEqual(
      files.filter((file) => !existsSync(join(root, file))),
      [],
    );
  });

  it('has words for every key, and no words that nothing uses', async () => {
    const raw = await extensionFile('package.json');
    const words = JSON.parse(await extensionFile('package.nls.json')) as Record<string, unknown>;
    const used = [...raw.matchAll(/"%([^%"]+)%"/g)].flatMap(([, key]) => key ?? []);
    assert.ok(used.length > 10);
    assert.deepEqual(missing(used, Object.keys(words)), []);
    assert.deepEqual(missing(Object.keys(words), used), []);
    assert.doesNotMatch(JSON.stringify(manifest().contributes), /"%[\w.]+%"/);
  });
});

function missing(wanted: readonly string[], present: readonly string[]): string[] {
  const known = new Set(present);
  return [...new Set(wanted)].filter((each) => !known.has(each));
}

function commandsOfStep({ description, completionEvents }: WalkthroughStep): string[] {
  const events = (completionEvents ?? []).flatMap((event) => /^onCommand:(.+)$/.exec(event)?.[1] ?? []);
  return [...linkedCommands(description), ...events];
}

function filesOfStep({ media }: WalkthroughStep): string[] {
  const images = typeof media.image === 'object' ? Object.values(media.image) : [media.image];
  return [...images, media.svg, media.markdown].filter((file) => file !== undefined);
}

/** Icons are files, or names such as `$(refresh)`. */
function filesOfIcon(icon: string | { readonly light: string; readonly dark: string } | undefined): string[] {
  const icons = icon === undefined ? [] : typeof icon === 'string' ? [icon] : [icon.light, icon.dark];
  return icons.filter((file) => !file.startsWith('$('));
}
