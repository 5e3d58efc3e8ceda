/*
 * `npm run demo:vscode`: the sandbox with its two services, and a real VS Code with the extension set up for it, until
 * Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { demoSource, demoTarget, demoWorld } from '../demo/world.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { packageSandboxAccount } from './account/build.ts';
import { extensionPackage } from './extensionPackage.ts';
import { accountEnvironment, settingsFor } from './sandboxSettings.ts';
import { startServer } from './server.ts';
import { makeRunFolder } from './folders.ts';

const patients = 200;

async function main(): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const deprecated = process.argv.includes('--deprecated');
  console.log('Starting the sandbox with the resources published by HL7 and generated patients…');
  const sandbox = await startSandbox(demoWorld(patients, deprecated));
  cleanup.defer(() => sandbox.stop());
  const scratch = await makeRunFolder();
  console.log('Packaging the extension…');
  const extensions = [await packageSandboxAccount(join(scratch, 'account')), await extensionPackage()];
  const server = await startServer({
    name: 'demo',
    settings: settingsFor(sandbox),
    env: accountEnvironment(sandbox),
    extensions,
    port: Number(process.env.FHIR_MIGRATION_DEMO_PORT ?? 0),
  });
  cleanup.defer(() => server.stop());
  const workspace = join(server.runFolder, 'workspace');
  await mkdir(workspace);
  const address = server.address(workspace);
  console.log(`
VS Code is at  ${address}

  1. Choose FHIR Migration in the activity bar and sign in: any answer is right, the account is the sandbox's.
  2. Right-click ${demoSource}${deprecated ? ' (retired: it answers only exports)' : ''} and choose Migrate to…, then ${demoTarget}.
  3. Start the plan that opens, and watch.

Ctrl-C ends everything and keeps nothing.`);
  openInBrowser(address);
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  console.log('\nStopping…');
}

/** Only where somebody sits in front of a screen. */
function openInBrowser(address: string): void {
  const hasScreen =
    process.stdout.isTTY &&
    (process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY));
  if (!hasScreen) return;
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [address]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', address.replaceAll('&', '^&')]]
        : ['xdg-open', [address]];
  const opener = spawn(command, args, { stdio: 'ignore', detached: true });
  opener.on('error', () => undefined);
  opener.unref();
}

await main();
