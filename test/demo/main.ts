import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { TokenSource } from '../../src/azure/tokens.ts';
import type { MigrationOverview } from '../../src/engine/overview.ts';
import type { RunningSandbox } from '../sandbox/contract.ts';
import { cloudOf } from '../sandbox/cloudSettings.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { clientSecretTokens, createServices } from '../../src/services/services.ts';
import { changeSource } from './liveChanges.ts';
import { demoSource, demoTarget, demoWorld, prove } from './world.ts';

/*
 * A whole migration on a bare machine: starts the sandbox, then runs the real command line against it, step by step,
 * and proves the result from the inside of both services. Exit code 0 only if nothing is missing.
 */

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    deprecated: { type: 'boolean', default: false },
    patients: { type: 'string', default: '60' },
  },
});
const say = (text: string): void => {
  if (!values.json) process.stdout.write(`${text}\n`);
};

async function commandLine(sandbox: RunningSandbox, folder: string, words: readonly string[]): Promise<string[]> {
  say(`\n$ fhir-migration ${words.join(' ')}`);
  const globals = [
    '--cloud',
    join(folder, 'cloud.json'),
    '--auth',
    'clientSecret',
    '--journal',
    join(folder, 'journals'),
  ];
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  const child = spawn(process.execPath, [main, ...globals, ...(values.json ? ['--json'] : []), ...words], {
    stdio: ['ignore', values.json ? 'pipe' : 'inherit', 'inherit'],
    env: {
      ...process.env,
      AZURE_TENANT_ID: sandbox.tenantId,
      AZURE_CLIENT_ID: sandbox.clientId,
      AZURE_CLIENT_SECRET: sandbox.clientSecret,
    },
  });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`fhir-migration ${words[0] ?? ''} ended with exit code ${code ?? 'none'}.`);
  return text.split('\n').filter((line) => line !== '');
}

async function demo(folder: string): Promise<boolean> {
  say(
    'Starting the sandbox: an Azure of its own on this machine, with https, sign-in, ARM, two FHIR services and blobs.',
  );
  const sandbox = await startSandbox(demoWorld(Number(values.patients), values.deprecated));
  try {
    await writeFile(join(folder, 'cloud.json'), JSON.stringify(cloudOf(sandbox), null, 2));
    const plan = join(folder, 'demo.fhirmigration.json');
    const before = prove(sandbox);
    say(`${before.onSource.toLocaleString('en')} resources on the source, ${before.onTarget} on the target.`);
    const started = Date.now();
    await commandLine(sandbox, folder, ['discover']);
    const ids = ['--source', sandbox.resourceIdOf(demoSource), '--target', sandbox.resourceIdOf(demoTarget)];
    await commandLine(sandbox, folder, ['plan', ...ids, '--out', plan]);
    await spread(plan);
    const ended = new AbortController();
    await Promise.all([
      commandLine(sandbox, folder, ['migrate', '--plan', plan]).finally(() => ended.abort()),
      values.deprecated ? undefined : changeMeanwhile(sandbox, ended.signal),
    ]);
    return report(sandbox, await finalOverview(sandbox, folder), (Date.now() - started) / 1000);
  } finally {
    await sandbox.stop();
  }
}

const tokensOf = (sandbox: RunningSandbox): TokenSource =>
  clientSecretTokens(cloudOf(sandbox), {
    tenantId: sandbox.tenantId,
    clientId: sandbox.clientId,
    secret: sandbox.clientSecret,
  });

/** Many windows although the data is small, so that exports and imports can be seen to overlap. */
async function spread(plan: string): Promise<void> {
  const content = JSON.parse(await readFile(plan, 'utf8')) as object;
  await writeFile(plan, JSON.stringify({ ...content, limits: { windowDays: 150, joinBelowResources: 500 } }, null, 2));
}

/** Changes the source once the first import runs: what was exported by then is out of date. */
async function changeMeanwhile(sandbox: RunningSandbox, ended: AbortSignal): Promise<void> {
  while (!sandbox.jobs(demoTarget).some(({ operation }) => operation === 'import')) {
    if (ended.aborted) return;
    await sleep(50);
  }
  const changes = await changeSource(sandbox, tokensOf(sandbox));
  say(`(An application creates, changes and deletes ${changes} patients on the source meanwhile.)`);
}

async function finalOverview(sandbox: RunningSandbox, folder: string): Promise<MigrationOverview> {
  const cloud = cloudOf(sandbox);
  const nothing = (): void => undefined;
  const services = createServices({
    cloud,
    tokens: tokensOf(sandbox),
    journalFolder: join(folder, 'journals'),
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    userAgent: 'fhir-migration-demo',
  });
  const [handle] = await services.listMigrations();
  if (handle === undefined) throw new Error('The migration left no journal.');
  const overview = handle.overview();
  handle.dispose();
  await services.dispose();
  return overview;
}

function report(sandbox: RunningSandbox, overview: MigrationOverview, seconds: number): boolean {
  const proof = prove(sandbox);
  const failed = Object.values(overview.totals).reduce((sum, type) => sum + type.failed + type.unaccounted, 0);
  const complete = overview.phase === 'complete' && proof.missing === 0 && proof.extra === 0 && failed === 0;
  const { exported, imported, windowsDone } = overview.progress;
  say(
    `\nCompared from the inside: ${proof.onSource.toLocaleString('en')} resources on the source, ` +
      `${proof.onTarget.toLocaleString('en')} on the target, ${proof.missing} missing or different, ${proof.extra} extra. ` +
      (complete ? 'Nothing is missing.' : 'NOT COMPLETE.'),
  );
  if (values.json) {
    const result = {
      result: complete ? 'complete' : 'incomplete',
      exported,
      imported,
      failed,
      missing: proof.missing,
      extra: proof.extra,
      windows: windowsDone,
      seconds: Math.round(seconds * 10) / 10,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  return complete;
}

const folder = await mkdtemp(join(tmpdir(), 'fhir-migration-demo-'));
try {
  process.exitCode = (await demo(folder)) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
