// Builds everything that ships, and the extension-host tests.
//   node esbuild.mjs               development build
//   node esbuild.mjs --production  minified, with third-party notices, size report and budgets
//   node esbuild.mjs --watch       rebuilds on change, with begin and end lines for the problem matcher of tasks.json
//   --only=webview                 with any of these: one part alone, leaving the others where they are
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { build, context } from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const only = process.argv.find((each) => each.startsWith('--only='))?.slice('--only='.length);

/** Largest sizes in bytes of what ships. The panel's front end is mostly the toolkit, which does not tree-shake. */
const budgets = {
  'dist/extension.cjs': 150_000,
  'dist/commands.cjs': 260_000,
  'dist/services.cjs': 1_600_000,
  'dist/cli.cjs': 270_000,
  'dist/webview/main.js': 420_000,
  'dist/webview/main.css': 30_000,
};

/** Folders of packages and files that a bundle took in, for the notices. */
const bundledInputs = new Set();

/** What is loaded only when something asks for it, and the bundle that it is in. */
const apart = [
  [/\/services\/services\.ts$/, './services.cjs'],
  [/\/registry\.ts$/, './commands.cjs'],
];

/**
 * esbuild cannot split CommonJS, and a dynamic import inside one file still parses the whole file. So services and
 * commands are bundles of their own, which the thin entries load when something asks for them.
 */
const loadedApart = {
  name: 'loaded-apart',
  setup(builder) {
    for (const [filter, path] of apart) {
      builder.onResolve({ filter }, ({ kind }) => {
        if (kind === 'dynamic-import') return { path, external: true };
        if (kind === 'entry-point') return undefined;
        return { errors: [{ text: 'Load this with await import(), so that it stays a bundle of its own.' }] };
      });
    }
  },
};

/**
 * The toolkit finds out about :focus-visible with an inline style element, which the panel's policy refuses. Every
 * Chromium that runs the panel knows it.
 */
const knownFocusVisible = {
  name: 'known-focus-visible',
  setup(builder) {
    builder.onLoad({ filter: /fast-foundation[\\/]dist[\\/]esm[\\/]utilities[\\/]style[\\/]focus\.js$/ }, () => ({
      contents: "export const focusVisible = 'focus-visible';",
    }));
  },
};

/**
 * Checksums by CRC-64 are off unless they are asked for, which nothing here does; their calculator is 85 KB of compiled
 * code. Asking for them in a bundle fails at once.
 */
const withoutCrc64 = {
  name: 'without-crc64',
  setup(builder) {
    builder.onLoad({ filter: /storage-common[\\/]dist[\\/]esm[\\/]crc64\.js$/ }, () => ({
      contents: "export default () => Promise.reject(new Error('CRC-64 is not part of this bundle.'));",
    }));
  },
};

let running = 0;
/** One begin and one end line for all bundles together: the background problem matcher waits for them. */
const announce = {
  name: 'announce',
  setup(builder) {
    builder.onStart(() => {
      if (running++ === 0) console.log('[watch] build started');
    });
    builder.onEnd(() => {
      if (--running === 0) console.log('[watch] build finished');
    });
  },
};

const common = {
  bundle: true,
  minify: production,
  legalComments: 'none',
  charset: 'utf8',
  sourcemap: 'linked',
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
  plugins: [loadedApart, ...(watch ? [announce] : [])],
};

const node = {
  ...common,
  plugins: [...common.plugins, withoutCrc64],
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode'],
  mainFields: ['module', 'main'],
  // The same code as its main file, which is a bundle with a loader of its own.
  alias: { '@vscode/l10n': '@vscode/l10n/dist/browser.js' },
  // import() of a CommonJS neighbour is require().
  supported: { 'dynamic-import': false },
  // In CommonJS output import.meta is empty, and @azure/storage-blob calls createRequire(import.meta.url) on load.
  define: { 'import.meta.url': '__moduleUrl' },
  banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
};

const bundles = [
  { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.cjs' },
  { ...node, entryPoints: ['src/ui/commands/registry.ts'], outfile: 'dist/commands.cjs' },
  { ...node, entryPoints: ['src/services/services.ts'], outfile: 'dist/services.cjs' },
  { ...node, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.cjs' },
  {
    ...common,
    entryPoints: [
      { in: 'webview/main.ts', out: 'main' },
      { in: 'webview/styles/main.css', out: 'main' },
    ],
    outdir: 'dist/webview',
    platform: 'browser',
    format: 'iife',
    target: 'chrome138',
    plugins: [...common.plugins, knownFocusVisible],
  },
];

if (!production) {
  bundles.push({
    ...node,
    entryPoints: ['test/host/index.ts'],
    outfile: 'dist/test/host/index.cjs',
    minify: false,
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
  });
}

const wanted = bundles.filter(
  ({ entryPoints: [first] }) => only === undefined || (first.in ?? first).includes(`${only}/`),
);

if (watch) {
  const contexts = await Promise.all(wanted.map((options) => context(options)));
  await Promise.all(contexts.map((each) => each.watch()));
} else {
  // A development build leaves other bundles where they are: something may be running them.
  if (production && only === undefined) await rm('dist', { recursive: true, force: true });
  await mkdir('dist', { recursive: true });
  const results = [];
  // One after the other: each is fast, and small machines stay usable.
  for (const options of wanted) results.push(await build(options));
  if (production && only === undefined) {
    for (const { metafile } of results) for (const input of Object.keys(metafile.inputs)) bundledInputs.add(input);
    await writeFile('dist/NOTICES.txt', await notices());
    await report(results.flatMap(({ metafile }) => Object.keys(metafile.outputs)));
  }
}

/** The licence of every package of which code is in a bundle; packages with the same text stand together. */
async function notices() {
  const folders = new Set();
  for (const input of bundledInputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) folders.add(match[1]);
  }
  const byText = new Map();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
    const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)(\.|$)/i.test(each));
    const text = file ? (await readFile(`${folder}/${file}`, 'utf8')).trim() : `Licence: ${String(license)}`;
    const key = text.replace(/\s+/g, ' ');
    const entry = byText.get(key) ?? { text, names: new Set() };
    entry.names.add(`${name} ${version}`);
    byText.set(key, entry);
  }
  const parts = [...byText.values()].map(({ text, names }) => `${[...names].join(', ')}\n\n${text}\n`);
  return `This extension contains code of the following packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** Prints the size of each file and fails over budget. */
async function report(outputs) {
  let over = false;
  for (const file of outputs.filter((each) => !each.endsWith('.map'))) {
    const bytes = await readFile(file);
    const budget = budgets[file];
    const kilobytes = (size) => `${(size / 1000).toFixed(1)} KB`;
    console.log(
      `${file.padEnd(24)} ${kilobytes(bytes.length).padStart(10)}  gzip ${kilobytes(gzipSync(bytes).length).padStart(9)}` +
        (budget ? `  budget ${kilobytes(budget)}` : ''),
    );
    if (budget && bytes.length > budget) {
      console.error(`${file} is over its budget.`);
      over = true;
    }
  }
  if (over) process.exitCode = 1;
}
