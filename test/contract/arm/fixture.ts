import { request as httpsRequest } from 'node:https';
import type { RunningSandbox, SandboxOptions, SandboxPrincipal } from '../../sandbox/contract.ts';
import { isJsonObject, parseJson, type JsonObject } from '../../sandbox/http.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';

export const healthcareVersion = '2024-03-31';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as an object; empty when it is none. */
  readonly json: JsonObject;
}

export interface CallOptions {
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A sandbox for the tests of one file, started before them and stopped after them. */
export function useSandbox(options: Partial<SandboxOptions> = {}): () => RunningSandbox {
  let sandbox: RunningSandbox | undefined;
  before(async () => {
    sandbox = await startSandbox({
      services: [
        { name: 'contoso', flavour: 'azureApiForFhir' },
        { name: 'clinical', flavour: 'ahds' },
      ],
      ...options,
    });
  });
  after(() => sandbox?.stop());
  return () => {
    if (sandbox === undefined) throw new Error('The sandbox runs only inside of tests.');
    return sandbox;
  };
}

/** One request by hand, without any retry. Rejects when the connection ends early. */
export function send(sandbox: RunningSandbox, method: string, url: string, options: CallOptions = {}): Promise<Reply> {
  const body = bodyOf(options);
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      url,
      {
        method,
        ca: sandbox.certificateAuthority,
        agent: false,
        headers: {
          ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
          ...options.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const value = parseJson(text);
          const headers = Object.fromEntries(
            Object.entries(response.headers).map(([name, header]) => [name, String(header)]),
          );
          resolve({ status: response.statusCode ?? 0, headers, text, json: isJsonObject(value) ? value : {} });
        });
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

function bodyOf({ body, form }: CallOptions): Buffer | undefined {
  if (form !== undefined) return Buffer.from(new URLSearchParams(form).toString());
  return body === undefined ? undefined : Buffer.from(JSON.stringify(body));
}

/** A request to ARM by the principal that may do everything, or by another one. `path` is below ARM's address. */
export async function arm(
  sandbox: RunningSandbox,
  method: string,
  path: string,
  options: CallOptions & { readonly apiVersion?: string; readonly as?: SandboxPrincipal } = {},
): Promise<Reply> {
  const { apiVersion = healthcareVersion, as, ...rest } = options;
  const url = new URL(`${sandbox.armEndpoint}${path}`);
  if (apiVersion !== '') url.searchParams.set('api-version', apiVersion);
  return send(sandbox, method, url.href, { token: await sandbox.token(sandbox.armEndpoint, as), ...rest });
}

/** The code of an ARM error. */
export function errorCode(reply: Reply): unknown {
  return isJsonObject(reply.json.error) ? reply.json.error.code : undefined;
}

/** A request to the admin endpoint. */
export function admin(sandbox: RunningSandbox, method: string, path: string, body?: unknown): Promise<Reply> {
  return send(sandbox, method, `${sandbox.adminEndpoint}${path}`, body === undefined ? {} : { body });
}

/** Looks at an operation until it is over, at most 20 times, and returns every status that was seen. */
export async function follow(sandbox: RunningSandbox, reply: Reply): Promise<string[]> {
  const url = reply.headers['azure-asyncoperation'] ?? '';
  const seen: string[] = [];
  for (let look = 0; look < 20; look += 1) {
    const { json } = await send(sandbox, 'GET', url, { token: await sandbox.token(sandbox.armEndpoint) });
    seen.push(typeof json.status === 'string' ? json.status : '');
    if (json.status === 'Succeeded' || json.status === 'Failed') return seen;
  }
  throw new Error(`The operation did not end: ${seen.join(', ')}.`);
}
