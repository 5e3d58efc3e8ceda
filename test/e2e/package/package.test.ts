import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { extensionPackage } from '../../vscode/extensionPackage.ts';
import { repositoryFolder } from '../../vscode/folders.ts';
import { unzip } from './zip.ts';

const run = promisify(execFile);

/** An editor that answers everything with itself: enough to load the extension, not to activate it. */
const editorStub = `
const anything = new Proxy(class {}, { get: (_, key) => (key === Symbol.toPrimitive ? () => '' : anything), apply: () => anything });
module.exports = anything;
`;

describe('the package', () => {
  let archive: Buffer;
  let files: ReadonlyMap<string, Buffer>;
  let folder: string;

  before(async () => {
    archive = await readFile(await extensionPackage());
    files = unzip(archive);
    folder = await mkdtemp(join(tmpdir(), 'package-'));
    for (const [name, content] of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    await mkdir(join(folder, 'node_modules', 'vscode'), { recursive: true });
    await writeFile(join(folder, 'node_modules', 'vscode', 'index.js'), editorStub);
  });
  after(async () => await rm(folder, { recursive: true, force: true }));

  const inPackage = (name: string): string => {
    const content = files.get(`extension/${name}`);
    assert.ok(content, name);
    return content.toString('utf8');
  };

  /** Runs a script in plain Node beside the unpacked files and reads the JSON that it prints. */
  async function inNode(script: string): Promise<unknown> {
    const { stdout } = await run(process.execPath, ['--input-type=commonjs', '--eval', script], {
      cwd: join(folder, 'extension', 'dist'),
    });
    return JSON.parse(stdout);
  }

  it('holds the files that are listed, and no other', async () => {
    const listed = (await readFile(join(import.meta.dirname, 'files.txt'), 'utf8'))
      .split('\n')
      .filter((line) => line !== '');
    assert.deepEqual([...files.keys()].sort(), listed);
  });

  it('is at most 2 MB', () => {
    assert.ok(archive.length <= 2_000_000, String(archive.length));
  });

  it('names no folder of the machine that built it', () => {
    for (const [name, content] of files) assert.ok(!content.includes(repositoryFolder), name);
  });

  it('holds what its manifest points to', () => {
    const manifest = inPackage('package.json');
    const paths = [...manifest.matchAll(/"(?:\.\/)?((?:media|dist)\/[^"]+\.\w+)"/g)].map((match) => match[1] ?? '');
    assert.ok(paths.length >= 3);
    for (const path of paths) assert.ok(files.has(`extension/${path}`), path);
  });

  it('names the licence of every package of which it holds code', () => {
    const notices = inPackage('dist/NOTICES.txt');
    for (const name of [
      '@azure/storage-blob',
      '@azure/identity',
      '@azure/msal-node',
      '@vscode/webview-ui-toolkit',
      'lit-html',
      'valibot',
    ]) {
      assert.match(notices, new RegExp(`(^|[\\n ])${name} \\d`), name);
    }
  });

  it('loads the extension without an Azure SDK: only Node, the editor, and commands and services when they are asked for', () => {
    const bundle = inPackage('dist/extension.cjs');
    const required = new Set([...bundle.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1] ?? ''));
    const others = [...required].filter((name) => !isBuiltin(name) && name !== 'vscode');
    assert.deepEqual(others.sort(), ['./commands.cjs', './services.cjs']);
  });

  it('gives the editor its two entry points, in plain Node', async () => {
    const script = `const { activate, deactivate } = require('./extension.cjs');
      console.log(JSON.stringify([typeof activate, typeof deactivate]));`;
    assert.deepEqual(await inNode(script), ['function', 'function']);
  });

  it('gives its hosts the services, in plain Node', async () => {
    const script = `const { createServices } = require('./services.cjs'); console.log(JSON.stringify(typeof createServices));`;
    assert.equal(await inNode(script), 'function');
  });

  it('runs the command line', async () => {
    const { stdout } = await run(process.execPath, [join(folder, 'extension', 'dist', 'cli.cjs'), '--help']);
    for (const command of ['discover', 'plan', 'preflight', 'migrate', 'status', 'pause', 'resume', 'cancel']) {
      assert.match(stdout, new RegExp(`^ +${command}\\b`, 'm'));
    }
  });
});
