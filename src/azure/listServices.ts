import type { HttpClient } from '@azure/core-rest-pipeline';
import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import { scopeOf } from '../http/connection.ts';
import { systemClock } from '../http/clock.ts';
import { fencedClient } from '../http/fencedClient.ts';
import { silentLog } from '../http/log.ts';
import { serviceBase } from '../http/serviceBase.ts';
import { createTransport } from '../http/transport.ts';
import { type ArmOptions, healthcareApiVersion } from './armClient.ts';
import type { SubscriptionInfo } from './discovered.ts';
import { parseResourceId } from './resourceId.ts';
import { sdkFailure } from './sdkFailure.ts';

const listSchema = v.object({ value: v.array(v.unknown()) });
/** The fenced client signs. */
const noCredential = { getToken: () => Promise.resolve(null) };
const maxBytes = 64 * 1_048_576;

/**
 * Rows of all FHIR services of one subscription, without Resource Graph: one list of Azure API for FHIR services, one of
 * workspaces, and one for each workspace. The client's typed objects lose settings that are newer than it, so the rows
 * are taken from the answers as they came.
 */
export async function* listServices(
  options: ArmOptions,
  { subscriptionId, tenantId, name }: SubscriptionInfo,
  signal: AbortSignal,
): AsyncGenerator<readonly unknown[], void> {
  const { getContinuationToken, HealthcareApisManagementClient } = await import('@azure/arm-healthcareapis');
  const base = serviceBase('Azure Resource Manager', options.cloud.resourceManager);
  const scope = scopeOf(options.cloud.resourceManagerAudience);
  const httpClient: HttpClient = fencedClient({
    transport: options.httpClient ?? createTransport(options.cloud.certificateAuthority),
    auth: { base, tokens: options.tokens, scope, tenantId },
    log: options.log ?? silentLog,
    clock: options.clock ?? systemClock,
    maxBytes,
    deadlineMs: 60_000,
  });
  const client = new HealthcareApisManagementClient(noCredential, subscriptionId, {
    endpoint: base.endpoint,
    apiVersion: healthcareApiVersion,
    httpClient,
    userAgentOptions: { userAgentPrefix: options.userAgent },
  });
  client.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
  let rows: readonly unknown[] = [];
  const call = {
    abortSignal: signal,
    onResponse: (raw: { readonly bodyAsText?: string | null }) => (rows = rowsOf(raw.bodyAsText)),
  };
  try {
    yield* eachPage(client.services.list(call).byPage(), () => rows, getContinuationToken);
    const workspaces: string[] = [];
    for await (const page of eachPage(
      client.workspaces.listBySubscription(call).byPage(),
      () => rows,
      getContinuationToken,
    ))
      workspaces.push(...page.flatMap((row) => idOf(row) ?? []));
    for (const id of workspaces) {
      const { resourceGroup, names } = parseResourceId(id) ?? { resourceGroup: undefined, names: [] };
      const [workspace] = names;
      if (resourceGroup === undefined || workspace === undefined) continue;
      yield* eachPage(
        client.fhirServices.listByWorkspace(resourceGroup, workspace, call).byPage(),
        () => rows,
        getContinuationToken,
      );
    }
  } catch (error) {
    throw await sdkFailure(error, {
      service: base.name,
      request: 'GET /subscriptions/{id}/providers/Microsoft.HealthcareApis',
      tried: `Listing the FHIR services of ${name}`,
      host: new URL(base.endpoint).host,
      signal,
      nextStep: (kind) => (kind === 'forbidden' ? 'Ask for the role Reader on the subscription.' : undefined),
      nameProbe: options.nameProbe,
    });
  }
}

/** Turns pages of typed objects into pages of rows as they came. Ends with a failure when a next page comes twice. */
async function* eachPage(
  pages: AsyncIterable<unknown>,
  rows: () => readonly unknown[],
  nextOf: (page: unknown) => string | undefined,
): AsyncGenerator<readonly unknown[], void> {
  const seen = new Set<string>();
  for await (const page of pages) {
    yield rows();
    const next = nextOf(page);
    if (next === undefined) continue;
    if (seen.has(next))
      throw new FailureError({
        kind: 'unexpectedAnswer',
        message: 'A list of Azure Resource Manager does not come to an end.',
      });
    seen.add(next);
  }
}

function rowsOf(text: string | null | undefined): readonly unknown[] {
  try {
    const read = v.safeParse(listSchema, JSON.parse(text ?? ''));
    return read.success ? read.output.value : [];
  } catch {
    return [];
  }
}

function idOf(row: unknown): string | undefined {
  return typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string' ? row.id : undefined;
}
