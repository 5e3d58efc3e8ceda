import assert from 'node:assert/strict';
import type { FhirServiceSpec, Flavour, JobFault, SandboxClock } from '../../sandbox/contract.ts';
import type { Caller, FhirHttpResponse } from '../../sandbox/fhir/http.ts';
import type { OperationRoute, OperationsFactory } from '../../sandbox/fhir/operations.ts';
import { emptyAnswer } from '../../sandbox/fhir/http.ts';
import { createFhirService, type FhirService } from '../../sandbox/fhir/service.ts';

/** A clock that moves only when told to. */
export class StandingClock implements SandboxClock {
  readonly factor = 0;
  private time: number;

  constructor(start: number) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  sleep(ms: number): Promise<void> {
    this.time += ms;
    return Promise.resolve();
  }

  advance(ms: number): void {
    this.time += ms;
  }
}

export const base = 'https://127.0.0.1:8443/fhir/service';
export const authority = 'https://127.0.0.1:8443/login/tenant';
export const startOfTime = Date.UTC(2026, 4, 4, 12, 0, 0, 500);

export const contributor: Caller = { authenticated: true, audienceOk: true, roles: new Set(['FHIR Data Contributor']) };
export const nobody: Caller = { authenticated: false, audienceOk: false, roles: new Set() };

export function callerWith(...roles: readonly string[]): Caller {
  return { authenticated: true, audienceOk: true, roles: new Set(roles) };
}

/** The parts of a FHIR body that the tests look at. */
export interface Body {
  readonly resourceType?: string;
  readonly id?: string;
  readonly type?: string;
  readonly total?: number;
  readonly meta?: { readonly versionId?: string; readonly lastUpdated?: string; readonly tag?: readonly object[] };
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly Entry[];
  readonly issue?: readonly { readonly severity: string; readonly code: string; readonly diagnostics?: string }[];
  readonly parameter?: readonly Parameter[];
  readonly [member: string]: unknown;
}

export interface Entry {
  readonly fullUrl?: string;
  readonly resource?: Body;
  readonly search?: { readonly mode: string };
  readonly request?: { readonly method: string; readonly url: string };
  readonly response?: {
    readonly status: string;
    readonly etag?: string;
    readonly lastModified?: string;
    readonly location?: string;
    readonly outcome?: Body;
  };
}

export interface Parameter {
  readonly name: string;
  readonly part?: readonly Parameter[];
  readonly resource?: Body;
  readonly [value: string]: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: Body;
}

export interface Call {
  readonly headers?: Readonly<Record<string, string>>;
  readonly caller?: Caller;
  /** Sent as it is when a text, else as JSON. */
  readonly body?: unknown;
}

/** A service without network around it. */
export class TestService {
  readonly service: FhirService;
  readonly clock = new StandingClock(startOfTime);
  readonly operations: OperationRoute[] = [];
  readonly jobFaults: JobFault['effect'][] = [];

  constructor(spec: Partial<FhirServiceSpec> & { readonly flavour: Flavour }) {
    this.service = createFhirService(
      { name: 'service', ...spec },
      {
        base,
        authority,
        clock: this.clock,
        operations: this.recorder(),
        takeJobFault: () => this.jobFaults.shift(),
        onUnexpected: (error) => {
          throw error;
        },
      },
    );
  }

  /** @param address path below the base with its query, or a whole link */
  async send(method: string, address: string, call: Call = {}): Promise<Answer> {
    const url = new URL(address.startsWith('https:') ? address : `${base}${address}`);
    const json = typeof call.body === 'object' && call.body !== null;
    const body = json ? JSON.stringify(call.body) : typeof call.body === 'string' ? call.body : '';
    const response = await this.service.handle({
      method,
      path: decodeURIComponent(url.pathname.slice(new URL(base).pathname.length)) || '/',
      query: url.searchParams,
      url: url.href,
      headers: { ...(json ? { 'content-type': 'application/fhir+json' } : {}), ...call.headers },
      body: Buffer.from(body),
      caller: call.caller ?? contributor,
    });
    const text = textOf(response);
    const isJson = text.startsWith('{');
    return { status: response.status, headers: response.headers, text, body: isJson ? (JSON.parse(text) as Body) : {} };
  }

  get(address: string, call?: Call): Promise<Answer> {
    return this.send('GET', address, call);
  }

  post(address: string, body: unknown, call?: Call): Promise<Answer> {
    return this.send('POST', address, { ...call, body });
  }

  put(address: string, body: unknown, call?: Call): Promise<Answer> {
    return this.send('PUT', address, { ...call, body });
  }

  delete(address: string, call?: Call): Promise<Answer> {
    return this.send('DELETE', address, call);
  }

  /** Stores a resource by PUT under its id and moves the clock on by a second. */
  async have(resource: Body): Promise<Answer> {
    const answer = await this.put(`/${resource.resourceType ?? ''}/${resource.id ?? ''}`, resource);
    assert.ok(answer.status < 300, answer.text);
    this.clock.advance(1_000);
    return answer;
  }

  /** Every entry of a search or a history, page after page. */
  async pages(address: string, call?: Call): Promise<readonly Answer[]> {
    const pages: Answer[] = [];
    let next: string | undefined = address;
    while (next !== undefined) {
      const page: Answer = await this.get(next, call);
      assert.equal(page.status, 200, page.text);
      pages.push(page);
      assert.ok(pages.length < 1_000, 'The pages do not end.');
      next = linkOf(page, 'next');
    }
    return pages;
  }

  private recorder(): OperationsFactory {
    return () => ({
      handle: (route) => {
        this.operations.push(route);
        return Promise.resolve(emptyAnswer(202));
      },
      active: () => [],
      jobs: () => [],
      stop: () => Promise.resolve(),
    });
  }
}

export function linkOf({ body }: Answer, relation: string): string | undefined {
  return body.link?.find((link) => link.relation === relation)?.url;
}

/** Ids of the matches of a search. */
export function idsOf(...answers: readonly Answer[]): readonly (string | undefined)[] {
  return answers
    .flatMap(({ body }) => body.entry ?? [])
    .filter(({ search }) => search?.mode !== 'outcome')
    .map(({ resource }) => resource?.id);
}

/** The issues that a search carries in its bundle. */
export function issuesIn({ body }: Answer): NonNullable<Body['issue']> {
  return body.entry?.find(({ search }) => search?.mode === 'outcome')?.resource?.issue ?? [];
}

/** Asserts an OperationOutcome with these words. */
export function assertOutcome(answer: Answer, status: number, code: string, diagnostics: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['Content-Type'], 'application/fhir+json; charset=utf-8');
  assert.equal(answer.body.resourceType, 'OperationOutcome');
  assert.equal(answer.body.id, answer.headers['X-Request-Id']);
  const [issue] = answer.body.issue ?? [];
  assert.deepEqual([issue?.severity, issue?.code, issue?.diagnostics], ['error', code, diagnostics]);
}

export function patient(id: string, members: Record<string, unknown> = {}): Body {
  return { resourceType: 'Patient', id, ...members };
}

function textOf({ body }: FhirHttpResponse): string {
  assert.ok(typeof body === 'string' || Buffer.isBuffer(body), 'The answer is streamed.');
  return body.toString();
}
