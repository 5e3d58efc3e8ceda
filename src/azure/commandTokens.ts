import { execFile } from 'node:child_process';
import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import type { Cloud } from './cloud.ts';
import { cacheTokens } from './tokenCache.ts';
import { claimsOf, separateAudiences } from './tokenAudience.ts';
import type { AccessToken, TokenRequest, TokenSource } from './tokens.ts';

const timeoutMs = 120_000;
const maxOutputBytes = 1_048_576;
/** A bare token that is no JWT says nothing about its end; ask again soon. */
const unknownLifeMs = 5 * 60_000;

const printedSchema = v.object({
  accessToken: v.optional(v.string()),
  access_token: v.optional(v.string()),
  token: v.optional(v.string()),
  /** Seconds since 1970 UTC; `az account get-access-token` prints both. */
  expires_on: v.optional(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))])),
  expires_in: v.optional(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))])),
});
const lifeSchema = v.object({ exp: v.number() });

/**
 * Tokens that a command of the user prints: a bare token, or JSON as `az account get-access-token` and OAuth endpoints
 * give it. The command runs in the shell with TOKEN_SCOPE, TOKEN_RESOURCE (the scope without `/.default`), TOKEN_TENANT
 * and TOKEN_CLAIMS in its environment, for at most two minutes.
 */
export function commandTokens(cloud: Cloud, command: string): TokenSource {
  const source: TokenSource = {
    async getToken(request, signal) {
      const output = await run(command, request, signal);
      const token = readToken(output.trim());
      if (token === undefined) throw failed('printed no token');
      return token;
    },
  };
  return cacheTokens(separateAudiences(cloud, source));
}

function run(command: string, { scope, tenantId, claims }: TokenRequest, signal: AbortSignal): Promise<string> {
  const [shell, flag] = process.platform === 'win32' ? ['cmd.exe', '/d /s /c'] : ['/bin/sh', '-c'];
  const env = {
    ...process.env,
    TOKEN_SCOPE: scope,
    TOKEN_RESOURCE: scope.replace(/\/\.default$/, ''),
    TOKEN_TENANT: tenantId ?? '',
    TOKEN_CLAIMS: claims ?? '',
  };
  return new Promise((resolve, reject) => {
    execFile(
      shell,
      process.platform === 'win32' ? [...flag.split(' '), `"${command}"`] : [flag, command],
      {
        env,
        signal,
        timeout: timeoutMs,
        maxBuffer: maxOutputBytes,
        windowsHide: true,
        windowsVerbatimArguments: process.platform === 'win32',
      },
      // What the command wrote may hold secrets, so only how it ended is told.
      (error, stdout) => {
        if (error === null) resolve(stdout);
        else if (signal.aborted) reject(new FailureError({ kind: 'cancelled', message: 'Cancelled.' }));
        else if (error.killed === true) reject(failed('did not end in time, or printed too much'));
        else reject(failed(`ended with code ${error.code ?? 'unknown'}`));
      },
    );
  });
}

function readToken(output: string): AccessToken | undefined {
  const printed = output.startsWith('{') ? parsePrinted(output) : { token: output };
  const token = printed?.accessToken ?? printed?.access_token ?? printed?.token;
  if (token === undefined || !/^[\x21-\x7e]{16,100000}$/.test(token)) return undefined;
  const life = v.safeParse(lifeSchema, claimsOf(token));
  const expiresAt =
    printed?.expires_on !== undefined
      ? printed.expires_on * 1_000
      : printed?.expires_in !== undefined
        ? Date.now() + printed.expires_in * 1_000
        : life.success
          ? life.output.exp * 1_000
          : Date.now() + unknownLifeMs;
  return { token, expiresAt };
}

function parsePrinted(output: string): Partial<v.InferOutput<typeof printedSchema>> | undefined {
  try {
    const read = v.safeParse(printedSchema, JSON.parse(output));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

function failed(how: string): FailureError {
  return new FailureError({
    kind: 'notSignedIn',
    message: `The command for tokens ${how}.`,
    nextStep:
      'Run the command in a terminal and look at what it prints; it must print a token, or JSON with accessToken.',
  });
}
