import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { BlobAccount } from './blobAccount.ts';

/** PEM texts: the server's key and certificate, and the authority that its clients trust. */
export interface AzuriteCertificate {
  readonly key: string;
  readonly certificate: string;
  readonly certificateAuthority: string;
}

export interface AzuriteOptions {
  /** Keep blobs below this folder instead of in memory; for data larger than the machine's memory. */
  readonly folder?: string;
  /** Fixed port; default: any free one. */
  readonly port?: number;
}

export interface RunningAzurite {
  /** `https://127.0.0.1:PORT`, without a trailing slash. */
  readonly origin: string;
  /** `https://127.0.0.1:PORT/{account}`, without a trailing slash. */
  endpoint(account: string): string;
  /** Full access to an account with its own key. Throws RangeError for an unknown account. */
  account(name: string): BlobAccount;
  stop(): Promise<void>;
}

const require = createRequire(import.meta.url);
const listening = /listens on (https:\/\/\S+)/;

/**
 * Starts the real Azurite blob service as a child process, over https, with OAuth and with keys made up for this run.
 * Azurite in OAuth mode checks audience, issuer and lifetime of a token, not its signature.
 * Throws an Error with Azurite's own output when it does not come up.
 */
export async function startAzurite(
  accounts: readonly string[],
  certificate: AzuriteCertificate,
  options: AzuriteOptions = {},
): Promise<RunningAzurite> {
  const keys = new Map(accounts.map((name) => [name, randomBytes(64).toString('base64')]));
  const scratch = await mkdtemp(path.join(tmpdir(), 'sandbox-azurite-'));
  let child: ChildProcess | undefined;
  try {
    const files = { key: path.join(scratch, 'key.pem'), certificate: path.join(scratch, 'certificate.pem') };
    await writeFile(files.key, certificate.key, { mode: 0o600 });
    await writeFile(files.certificate, certificate.certificate);
    child = fork(require.resolve('azurite/dist/src/blob/main.js'), azuriteArguments(files, options), {
      cwd: tmpdir(),
      execArgv: ['--import', path.join(import.meta.dirname, 'azuriteProcess.ts')],
      env: { ...process.env, NODE_OPTIONS: '', AZURITE_ACCOUNTS: [...keys].map((pair) => pair.join(':')).join(';') },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const origin = await waitUntilListening(child);
    return new AzuriteHandle(child, origin, keys, certificate.certificateAuthority);
  } catch (error) {
    child?.kill('SIGKILL');
    throw error;
  } finally {
    // Azurite has read both files by the time it listens.
    await rm(scratch, { recursive: true, force: true });
  }
}

function azuriteArguments(
  files: { readonly key: string; readonly certificate: string },
  options: AzuriteOptions,
): string[] {
  return [
    ...['--blobHost', '127.0.0.1', '--blobPort', String(options.port ?? 0)],
    ...['--oauth', 'basic', '--key', files.key, '--cert', files.certificate],
    ...['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--disableProductStyleUrl'],
    ...(options.folder === undefined ? ['--inMemoryPersistence'] : ['--location', options.folder]),
  ];
}

/** The address that Azurite reports once it listens. */
async function waitUntilListening(child: ChildProcess): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('Azurite was started without output.');
  const output: string[] = [];
  stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const found = new Promise<string>((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      if (output.length < 100) output.push(line);
      const address = listening.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Azurite ended with ${String(code)} before it listened:\n${output.join('\n')}`);
  });
  return Promise.race([found, ended]);
}

class AzuriteHandle implements RunningAzurite {
  readonly origin: string;
  readonly #child: ChildProcess;
  readonly #accounts: ReadonlyMap<string, BlobAccount>;

  constructor(child: ChildProcess, origin: string, keys: ReadonlyMap<string, string>, certificateAuthority: string) {
    this.#child = child;
    this.origin = origin;
    this.#accounts = new Map(
      [...keys].map(([name, key]) => [
        name,
        new BlobAccount({ name, key, endpoint: `${origin}/${name}`, certificateAuthority }),
      ]),
    );
  }

  endpoint(account: string): string {
    return this.account(account).endpoint;
  }

  account(name: string): BlobAccount {
    const account = this.#accounts.get(name);
    if (account === undefined) throw new RangeError(`Azurite was started without an account ${name}.`);
    return account;
  }

  async stop(): Promise<void> {
    for (const account of this.#accounts.values()) account.close();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    // Nothing is kept, so there is nothing to shut down in order.
    this.#child.kill('SIGKILL');
    await ended;
  }
}
