import assert from 'node:assert/strict';
import type { BlobAccount } from '../../sandbox/blob/blobAccount.ts';
import { type RunningAzurite, startAzurite } from '../../sandbox/blob/azurite.ts';
import { ScaledClock } from '../../sandbox/clock.ts';
import type { FhirServiceSpec, JobFault, StoredVersion } from '../../sandbox/contract.ts';
import type { FhirHttpResponse } from '../../sandbox/fhir/http.ts';
import { canonicalJson, tombstoneJson } from '../../sandbox/fhir/resourceText.ts';
import { createFhirService, type FhirService } from '../../sandbox/fhir/service.ts';
import { JobFaults } from '../../sandbox/jobs/jobFaults.ts';
import { createOperations } from '../../sandbox/jobs/operations.ts';
import { createServerCertificate } from '../../sandbox/tls/certificates.ts';

let running: Promise<RunningAzurite> | undefined;

/** One Azurite for all files of this folder, started at the first use and stopped after the last test. */
export function azurite(): Promise<RunningAzurite> {
  running ??= createServerCertificate().then((certificate) => startAzurite(['staging', 'other'], certificate));
  return running;
}

after(async () => {
  await (await running)?.stop();
});

/** Monday, 4 May 2026, 10:00 UTC: the time at which every test begins. */
export const start = Date.UTC(2026, 4, 4, 10);

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

let serviceCount = 0;

/** A service on its own, with a clock that stands still unless told otherwise, and a container of its own. */
export class Bench {
  readonly clock: ScaledClock;
  readonly service: FhirService;
  readonly account: BlobAccount;
  readonly container: string;
  readonly base: string;
  readonly #faults = new JobFaults();

  private constructor(
    spec: Partial<FhirServiceSpec>,
    accounts: ReadonlyMap<string, BlobAccount>,
    account: BlobAccount,
    factor: number,
  ) {
    serviceCount += 1;
    const name = spec.name ?? `service${serviceCount}`;
    this.container = `run-${serviceCount}`;
    this.base = `https://127.0.0.1/fhir/${name}`;
    this.account = account;
    this.clock = new ScaledClock({ factor, startAt: start });
    this.service = createFhirService(
      { flavour: 'ahds', ...spec, name },
      {
        base: this.base,
        authority: 'https://127.0.0.1/login/tenant',
        clock: this.clock,
        operations: createOperations(accounts),
        takeJobFault: (operation) => this.#faults.take(name, operation),
      },
    );
    benches.push(this);
  }

  static async open(spec: Partial<FhirServiceSpec> = {}, factor = 0): Promise<Bench> {
    const server = await azurite();
    const accounts = new Map(['staging', 'other'].map((name) => [name, server.account(name)]));
    return new Bench(spec, accounts, server.account('staging'), factor);
  }

  /** Requests below the base address; without roles the caller may do everything. */
  async call(
    method: string,
    pathAndQuery: string,
    options: {
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
      readonly roles?: readonly string[];
    } = {},
  ): Promise<Answer> {
    const url = new URL(`${this.base}${pathAndQuery}`);
    const body = options.body === undefined ? '' : JSON.stringify(options.body);
    const answer = await this.service.handle({
      method,
      path: decodeURIComponent(url.pathname.slice(new URL(this.base).pathname.length)),
      query: url.searchParams,
      url: `${this.base}${pathAndQuery}`,
      headers: options.headers ?? {},
      body: Buffer.from(body),
      caller: { authenticated: true, audienceOk: true, roles: new Set(options.roles ?? ['FHIR Data Contributor']) },
    });
    return { status: answer.status, headers: answer.headers, text: await textOf(answer) };
  }

  addFault(effect: JobFault['effect'], operation: JobFault['operation'], rest: Partial<JobFault> = {}): void {
    this.#faults.add({ service: '*', operation, count: 1, effect, ...rest });
  }

  /** Stores versions as they are. */
  put(...versions: readonly StoredVersion[]): void {
    for (const version of versions) this.service.store.put(version);
  }

  /** `version: date` of every stored version, by version number, with a dagger on tombstones. */
  stored(type: string, id: string): readonly string[] {
    return this.service.store
      .versions(type, id)
      .map((version) => `${version.versionId}: ${iso(version.lastUpdated)}${version.deleted ? ' †' : ''}`);
  }

  async stop(): Promise<void> {
    this.clock.dispose();
    await this.service.stop();
  }
}

const benches: Bench[] = [];

afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.stop()));
});

async function textOf({ body }: FhirHttpResponse): Promise<string> {
  if (typeof body === 'string') return body;
  if (Buffer.isBuffer(body)) return body.toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

/** Milliseconds of an ISO text. */
export function at(text: string): number {
  const value = Date.parse(text);
  assert.ok(!Number.isNaN(value), `${text} is no time`);
  return value;
}

/** The shortest ISO text: a date at midnight UTC is just the date. */
export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T00:00:00.000Z', '');
}

/** A live version of a patient, or of another type. `when` is an ISO text. */
export function version(id: string, versionId: number, when: string, content: object = {}): StoredVersion {
  const { resourceType: type = 'Patient' } = content as { readonly resourceType?: string };
  const json = canonicalJson({ active: true, ...content }, type, id);
  return { type, id, versionId: String(versionId), lastUpdated: at(when), deleted: false, method: 'PUT', json };
}

/** A tombstone of a patient. */
export function tombstone(id: string, versionId: number, when: string): StoredVersion {
  const json = tombstoneJson('Patient', id);
  return {
    type: 'Patient',
    id,
    versionId: String(versionId),
    lastUpdated: at(when),
    deleted: true,
    method: 'DELETE',
    json,
  };
}

/** Diagnostics of the first issue of an OperationOutcome. */
export function diagnosticsOf(answer: Answer): string {
  const outcome = JSON.parse(answer.text) as { issue: { diagnostics: string }[] };
  return outcome.issue[0]?.diagnostics ?? '';
}

/** Code of the first issue of an OperationOutcome. */
export function issueCodeOf(answer: Answer): string {
  const outcome = JSON.parse(answer.text) as { issue: { code: string }[] };
  return outcome.issue[0]?.code ?? '';
}

/** Waits for a condition, real milliseconds apart, without a sleep of a fixed length. */
export async function until<T>(probe: () => Promise<T | undefined> | T | undefined, what: string): Promise<T> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const value = await probe();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`It did not happen within 30 s: ${what}.`);
}

/** Moves a bench's clock forward by `stepMs` each real millisecond while `work` is under way. */
export async function ticking<T>(bench: Bench, stepMs: number, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => bench.clock.advance(stepMs), 1);
  return work().finally(() => clearInterval(timer));
}
