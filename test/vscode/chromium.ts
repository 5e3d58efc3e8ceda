import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { keptFolder } from './folders.ts';

const run = promisify(execFile);

export interface BrowserProgram {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A Chrome or Chromium of this machine, or else the one inside the npm package `@sparticuz/chromium` (Linux x64).
 * `FHIR_MIGRATION_TEST_BROWSER` names another program.
 * @throws Error when there is neither.
 */
export async function findBrowser(): Promise<BrowserProgram> {
  const installed = [process.env.FHIR_MIGRATION_TEST_BROWSER, ...installedBrowsers()];
  const executablePath = installed.find((path) => path !== undefined && existsSync(path));
  if (executablePath !== undefined) return { executablePath, env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'The browser tests need Chrome or Chromium: none is installed, and none comes by npm for this machine.',
    );
  }
  return await packagedBrowser();
}

function installedBrowsers(): string[] {
  const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => join(folder, name)));
  const programFiles = process.env.PROGRAMFILES ?? 'C:\\Program Files';
  return [
    ...onPath,
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    join(programFiles, 'Google', 'Chrome', 'Application', 'chrome.exe'),
    join(programFiles, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
  ];
}

async function packagedBrowser(): Promise<BrowserProgram> {
  const folder = join(keptFolder, 'chromium');
  await unpackOnce(folder);
  const executablePath = join(folder, 'chromium');
  return {
    executablePath,
    env: {
      // The package brings the libraries that a bare machine lacks (nss, nspr, expat); the machine's own come first.
      ...((await lacksLibraries(executablePath)) ? { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') } : {}),
      ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') }),
    },
  };
}

/** The package unpacks itself into the temporary folder, so it is run with ours as that folder, in its own process. */
async function unpackOnce(folder: string): Promise<void> {
  const packageFile = fileURLToPath(import.meta.resolve('@sparticuz/chromium'));
  const stamp = await packageVersion(packageFile);
  const stampFile = join(folder, 'stamp');
  if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) return;

  await mkdir(keptFolder, { recursive: true });
  const making = await mkdtemp(join(keptFolder, 'making-'));
  try {
    const script =
      "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();";
    await run(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: dirname(packageFile),
      // Tells the package that the machine has no libraries, so that it unpacks its own.
      env: { ...process.env, TMPDIR: making, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    });
    await writeFile(
      join(making, 'fonts.conf'),
      `<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>`,
    );
    await writeFile(join(making, 'stamp'), stamp);
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function packageVersion(fileInPackage: string): Promise<string> {
  let folder = dirname(fileInPackage);
  while (!existsSync(join(folder, 'package.json')) || !folder.endsWith('chromium')) folder = dirname(folder);
  return await readFile(join(folder, 'package.json'), 'utf8');
}

async function lacksLibraries(executablePath: string): Promise<boolean> {
  try {
    return (await run('ldd', [executablePath])).stdout.includes('not found');
  } catch {
    return true;
  }
}
