import { toHttpHeadersLike } from '@azure/core-http-compat';
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type RequestBodyType,
} from '@azure/core-rest-pipeline';
import type { BlobServiceClient, IHttpClient } from '@azure/storage-blob';
import type { Failure, FailureError } from '../failure/failure.ts';
import { type HttpClock, systemClock } from '../http/clock.ts';
import { scopeOf } from '../http/connection.ts';
import { fencedClient } from '../http/fencedClient.ts';
import { type HttpLog, silentLog } from '../http/log.ts';
import type { NameProbe } from '../http/networkFailure.ts';
import type { ServiceBase } from '../http/serviceBase.ts';
import { createTransport } from '../http/transport.ts';
import { stagingBase } from './blobAddress.ts';
import type { Cloud } from './cloud.ts';
import { sdkFailure } from './sdkFailure.ts';
import { separateAudiences } from './tokenAudience.ts';
import type { TokenSource } from './tokens.ts';

/** One page of 5,000 blobs is about 4 MB of XML. */
const maxBytes = 64 * 1_048_576;
const deadlineMs = 100_000;

export interface StorageOptions {
  readonly cloud: Pick<Cloud, 'storageAudience' | 'certificateAuthority'>;
  readonly accountName: string;
  /** For example `https://contoso.blob.core.windows.net`. */
  readonly blobEndpoint: string;
  readonly tenantId?: string | undefined;
  readonly tokens: TokenSource;
  readonly userAgent: string;
  readonly httpClient?: HttpClient | undefined;
  readonly clock?: HttpClock | undefined;
  readonly log?: HttpLog | undefined;
  readonly nameProbe?: NameProbe | undefined;
  /** Attempts of one request, the first included. Default 4. */
  readonly attempts?: number | undefined;
  /** First wait between attempts, milliseconds; doubles. Default 1 second. */
  readonly retryDelayMs?: number | undefined;
}

/** The blobs of one account, reached only there. */
export interface StorageAccess {
  readonly account: ServiceBase;
  readonly log: HttpLog;
  client(): Promise<BlobServiceClient>;
  /** Turns what the SDK throws into a failure. */
  failure(error: unknown, about: { request: string; tried: string }, signal: AbortSignal): Promise<FailureError>;
}

/** Opens an account. The SDK is loaded at the first request. Throws `invalidInput` for an endpoint that is not one. */
export function openStorage(options: StorageOptions): StorageAccess {
  const account = stagingBase(options.accountName, options.blobEndpoint);
  let client: Promise<BlobServiceClient> | undefined;
  return {
    account,
    log: options.log ?? silentLog,
    client: () => (client ??= makeClient(account, options)),
    failure: (error, about, signal) =>
      sdkFailure(error, {
        ...about,
        service: account.name,
        host: new URL(account.endpoint).host,
        signal,
        nextStep: nextStepOf,
        nameProbe: options.nameProbe,
      }),
  };
}

async function makeClient(account: ServiceBase, options: StorageOptions): Promise<BlobServiceClient> {
  const { AnonymousCredential, BlobServiceClient: Client, newPipeline } = await import('@azure/storage-blob');
  const scope = scopeOf(options.cloud.storageAudience);
  const fenced = fencedClient({
    transport: options.httpClient ?? createTransport(options.cloud.certificateAuthority),
    auth: { base: account, tokens: separateAudiences(undefined, options.tokens), scope, tenantId: options.tenantId },
    log: options.log ?? silentLog,
    clock: options.clock ?? systemClock,
    maxBytes,
    deadlineMs,
  });
  const pipeline = newPipeline(new AnonymousCredential(), {
    httpClient: asStorageClient(fenced),
    userAgentOptions: { userAgentPrefix: options.userAgent },
    retryOptions: {
      maxTries: options.attempts ?? 4,
      retryDelayInMs: options.retryDelayMs ?? 1_000,
      maxRetryDelayInMs: 60_000,
    },
  });
  return new Client(account.endpoint, pipeline);
}

/** The storage SDK takes clients of the older shape only. */
function asStorageClient(client: HttpClient): IHttpClient {
  return {
    async sendRequest(resource) {
      // The agent is that of a proxy, when the environment names one.
      const { abortSignal, agent, streamResponseStatusCodes } = resource;
      const body = resource.body as RequestBodyType | undefined;
      const request = createPipelineRequest({
        url: resource.url,
        method: resource.method,
        headers: createHttpHeaders(resource.headers.toJson({ preserveCase: true })),
        requestId: resource.requestId,
        timeout: resource.timeout,
        ...(body === undefined ? {} : { body }),
        ...(abortSignal === undefined ? {} : { abortSignal }),
        ...(streamResponseStatusCodes === undefined ? {} : { streamResponseStatusCodes }),
      });
      if (agent !== undefined) request.agent = agent;
      const response = await client.sendRequest(request);
      return { ...response, request: resource, headers: toHttpHeadersLike(response.headers) };
    },
  };
}

function nextStepOf(kind: Failure['kind'], code: string | undefined): string | undefined {
  switch (code) {
    case 'AuthorizationPermissionMismatch':
    case 'InsufficientAccountPermissions':
      return 'Ask for the role Storage Blob Data Contributor (or Reader, for looking only) on the staging account. New role assignments take some minutes to take effect.';
    case 'AuthorizationFailure':
    case 'PublicAccessNotPermitted':
      return 'The firewall of the staging account may refuse this machine: allow its address, or work from a network that is allowed.';
    case 'ContainerNotFound':
      return 'Check the name of the container, or create it.';
    default:
      return kind === 'notSignedIn' ? 'Sign in with an account of the tenant of the staging account.' : undefined;
  }
}
