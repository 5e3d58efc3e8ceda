import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import type { Cloud } from './cloud.ts';
import { knownClouds } from './clouds.ts';
import type { TokenRequest, TokenSource } from './tokens.ts';

const claimsSchema = v.object({ aud: v.union([v.string(), v.array(v.string())]) });

/**
 * Refuses to hand out a token of Azure Resource Manager for anything else. Some sign-in libraries give the ARM token
 * whatever they are asked for (@microsoft/vscode-azext-azureauth 5.1.1), and a FHIR server must never see it. Without a
 * cloud, the tokens of the known clouds are recognised.
 */
export function separateAudiences(cloud: Cloud | undefined, source: TokenSource): TokenSource {
  const armAudiences = new Set(
    [
      ...[...Object.values(knownClouds), ...(cloud === undefined ? [] : [cloud])].flatMap((one) => [
        one.resourceManager,
        one.resourceManagerAudience,
      ]),
      // Application id of the Azure Service Management API.
      '797f4846-ba00-4fd7-ba43-dac1f8f63013',
    ].map(plain),
  );
  const isArmScope = (scope: string) => armAudiences.has(plain(scope.replace(/\/\.default$/, '')));
  let armTokens: readonly string[] = [];
  return {
    async getToken(request, signal) {
      const token = await source.getToken(request, signal);
      if (isArmScope(request.scope)) {
        if (!armTokens.includes(token.token)) armTokens = [token.token, ...armTokens].slice(0, 50);
      } else if (
        armTokens.includes(token.token) ||
        audiencesOf(token.token).some((aud) => armAudiences.has(plain(aud)))
      ) {
        throw wrongAudience(request);
      }
      return token;
    },
  };
}

function wrongAudience({ tenantId }: TokenRequest): FailureError {
  return new FailureError({
    kind: 'notSignedIn',
    message: `The sign-in gave a token for Azure Resource Manager instead of one for the service${tenantId === undefined ? '' : ` in tenant ${tenantId}`}; it was not sent.`,
    nextStep: 'Sign in again, or choose another way to sign in for this service (Azure CLI or a client secret).',
  });
}

function plain(audience: string): string {
  return audience.replace(/\/+$/, '').toLowerCase();
}

/** Audiences of a JWT; none for a token of another form. The signature is the service's business. */
export function audiencesOf(token: string): readonly string[] {
  const claims = claimsOf(token);
  const read = v.safeParse(claimsSchema, claims);
  if (!read.success) return [];
  return typeof read.output.aud === 'string' ? [read.output.aud] : read.output.aud;
}

/** Claims of a JWT, undefined for a token of another form. */
export function claimsOf(token: string): unknown {
  const [, payload] = token.split('.');
  if (payload === undefined || payload.length > 100_000) return undefined;
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
