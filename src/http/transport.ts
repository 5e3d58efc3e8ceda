import tls from 'node:tls';
import https from 'node:https';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';

/** An idle connection is given up before the servers' load balancers forget it (4 minutes on Azure). */
const idleMs = 60_000;

/**
 * The HTTP client below every pipeline: Node's https with connections kept alive, trusting one more certificate
 * authority where the cloud has its own.
 */
export function createTransport(certificateAuthority?: string): HttpClient {
  const client = createDefaultHttpClient();
  // One text instead of a list: the list would be joined again for every request.
  const ca =
    certificateAuthority === undefined
      ? undefined
      : [...tls.getCACertificates('default'), certificateAuthority].join('\n');
  const agent = new https.Agent({ keepAlive: true, timeout: idleMs, ...(ca === undefined ? {} : { ca }) });
  return {
    sendRequest: (request) => {
      // A proxy's agent ignores TLS settings of its own, but hands on those of the request.
      if (ca !== undefined) request.requestOverrides = { ...request.requestOverrides, ca };
      request.agent ??= agent;
      return client.sendRequest(request);
    },
  };
}
