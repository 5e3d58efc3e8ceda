/*
 * `npm run sandbox`: an Azure to try things on, until Ctrl-C. Prints its addresses and how to sign in, and writes what
 * a client needs into a folder: cloud.json for `fhir-migration --cloud`, the certificate authority, and sandbox.json.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { cloudOf } from './cloudSettings.ts';
import type { RunningSandbox } from './contract.ts';
import { defaultAccounts, defaultWorld } from './defaultWorld.ts';
import { startSandbox } from './sandbox.ts';

interface Options {
  readonly deprecated: boolean;
  readonly patients: number;
  readonly data: readonly string[];
  readonly clock: number;
  readonly port: number;
  readonly subscriptions: number;
  readonly out: string;
}

const options = new Command('sandbox')
  .description('Starts an Azure on this machine: sign-in, ARM, FHIR services and blob storage over https on 127.0.0.1.')
  .option('--deprecated', 'the source "contoso" is retired: it answers only metadata and exports', false)
  .option('--patients <count>', 'generated patients on "contoso"', wholeNumber, 100)
  .option('--data <files...>', 'NDJSON files to load into "contoso"', [])
  .option('--clock <factor>', 'sandbox seconds per real second', positiveNumber, 1)
  .option('--port <port>', 'port of the https server; 0 takes any free one', wholeNumber, 0)
  .option('--subscriptions <count>', 'subscriptions of the tenant, at least 2', wholeNumber, 2)
  .option('--out <folder>', 'folder for cloud.json, sandbox.json and the certificate authority', '.sandbox')
  .parse()
  .opts<Options>();

const ended = new Promise<void>((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});
console.log('Starting the sandbox and loading its data…');
const sandbox = await startSandbox({
  services: defaultWorld({ deprecated: options.deprecated, patients: options.patients, files: options.data }),
  accounts: defaultAccounts,
  clockFactor: options.clock,
  port: options.port,
  subscriptions: Math.max(2, options.subscriptions),
  log: (line) => console.error(line),
});
try {
  await announce(sandbox, path.resolve(options.out));
  await ended;
  console.log('\nStopping…');
} finally {
  await sandbox.stop();
}

async function announce(running: RunningSandbox, folder: string): Promise<void> {
  const { certificateAuthority = '', ...endpoints } = cloudOf(running);
  const authorityFile = path.join(folder, 'certificate-authority.pem');
  const cloud = { ...endpoints, certificateAuthorityFile: authorityFile };
  const services = defaultWorld({ deprecated: false, patients: 0, files: [] }).map(({ name }) => ({
    name,
    endpoint: running.endpointOf(name),
    resourceId: running.resourceIdOf(name),
    resources: running.store(name).size.current,
  }));
  const { tenantId, clientId, clientSecret } = running;
  const access = { tenantId, clientId, clientSecret, adminEndpoint: running.adminEndpoint, services };
  await mkdir(folder, { recursive: true });
  await writeFile(authorityFile, certificateAuthority);
  await writeFile(path.join(folder, 'cloud.json'), `${JSON.stringify(cloud, null, 2)}\n`);
  await writeFile(path.join(folder, 'sandbox.json'), `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600 });

  const width = Math.max(...services.map(({ name }) => name.length));
  console.log(`
Services
${services.map(({ name, endpoint, resources }) => `  ${name.padEnd(width)}  ${endpoint}  ${resources} resources`).join('\n')}

Sign-in     AZURE_TENANT_ID=${tenantId} AZURE_CLIENT_ID=${clientId} AZURE_CLIENT_SECRET=${clientSecret}
ARM         ${running.armEndpoint}
Storage     ${defaultAccounts.map((account) => running.blobEndpoint(account)).join('  ')}
Admin       ${running.adminEndpoint}
Files       ${folder}: cloud.json, certificate-authority.pem, sandbox.json

The custom cloud, also in cloud.json:
${JSON.stringify(cloud, null, 2)}

Ctrl-C ends everything and keeps no data.`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.');
  return Number(text);
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1_000_000)) throw new InvalidArgumentError('A number above 0 is expected.');
  return value;
}
