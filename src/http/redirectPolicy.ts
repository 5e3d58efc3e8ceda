import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { FailureError } from '../failure/failure.ts';
import { hostOf, type ServiceBase } from './serviceBase.ts';

/** Never follows a redirect: it would carry a token or a body to an address that nobody approved. */
export function redirectPolicy(base: ServiceBase): PipelinePolicy {
  return {
    name: 'redirect',
    async sendRequest(request, next) {
      const response = await next(request);
      if (response.status < 300 || response.status > 399 || response.status === 304) return response;
      const location = response.headers.get('location');
      const target =
        location !== undefined && URL.canParse(location, request.url)
          ? hostOf(new URL(location, request.url).href)
          : undefined;
      throw new FailureError({
        kind: 'unexpectedAnswer',
        message:
          target === undefined
            ? `${hostOf(request.url)} answered with a redirect to nowhere.`
            : `${hostOf(request.url)} wanted to redirect to ${target}; redirects are not followed, nothing was sent there.`,
        service: base.name,
        status: response.status,
        nextStep:
          'Check the address of the service, and whether a proxy or a sign-in page of the network is in the way.',
      });
    },
  };
}
