import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getL10nJson } from '@vscode/l10n-dev';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

describe('words for translators', () => {
  it('are all in the bundle, and no others: npm run l10n brings it up to date', async () => {
    const texts = [...sources('src'), ...sources('webview')].map(text);
    // Starting a parser for each file takes long, so that all are read as one.
    const imports = "import * as l10n from '@vscode/l10n';\nimport * as vscode from 'vscode';\n";
    const contents = texts.map((each) => each.replace(/^import[\s\S]*?from '[^']+';$/gm, '')).join('\n');
    const used = await getL10nJson([{ extension: '.ts', contents: imports + contents }]);
    const bundle = JSON.parse(text('media/l10n/bundle.l10n.json')) as Record<string, unknown>;
    assert.deepEqual(Object.keys(bundle).sort(), Object.keys(used).sort());
  });

  it('exist for every key of the manifest, and no others', () => {
    const manifest = text('package.json');
    const used = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? '');
    const words = JSON.parse(text('package.nls.json')) as Record<string, string>;
    assert.deepEqual(Object.keys(words).sort(), [...new Set(used)].sort());
    for (const [key, value] of Object.entries(words)) assert.notEqual(value.trim(), '', key);
  });
});
