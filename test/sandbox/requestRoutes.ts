import type { Fault } from './contract.ts';
import type { RequestCounts } from './counters.ts';
import { kindOfRequest, targetName, type RequestTarget } from './counters.ts';
import type { RouteFaults } from './faults.ts';
import type { FhirServices } from './fhirServices.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import type { RequestStatistics } from './arm/requestStatistics.ts';
import type { Route } from './server.ts';

type Handler = (request: HttpRequest) => Promise<HttpAnswer>;

export interface RoutedParts {
  readonly login: Handler;
  readonly arm: Handler;
  readonly admin: Handler;
  readonly services: FhirServices;
  readonly faults: RouteFaults;
  readonly counts: RequestCounts;
  readonly statistics: RequestStatistics;
  readonly origin: () => string;
  readonly latencyMs: number;
  /** The sandbox's clock. */
  readonly now: () => number;
}

/** What follows the tenant in an address of the token endpoint. */
const signInPath = /^\/(v2\.0|oauth2|discovery)\//;

/** Finds the part of the sandbox that a request is for: the one place that knows its addresses. */
export function routeRequests(parts: RoutedParts): (method: string, path: string, search: string) => Route | undefined {
  return (method, path, search) => {
    const [, first = '', ...rest] = path.split('/');
    const below = `/${rest.join('/')}`;
    switch (first) {
      case 'arm':
        return counted(parts, { part: 'arm' }, method, below.replace(/^\/+/, '/'), search, parts.arm);
      case 'admin':
        return { path: below, handle: parts.admin, now: parts.now };
      case 'fhir':
        return fhirRoute(parts, method, path, search);
      default:
        if (!signInPath.test(below)) return undefined;
        // Tokens live in real time, and so does their server.
        return { ...counted(parts, { part: 'login' }, method, path, search, parts.login), now: () => Date.now() };
    }
  };
}

function fhirRoute(parts: RoutedParts, method: string, path: string, search: string): Route | undefined {
  const [, , name = '', ...rest] = path.split('/');
  const service = parts.services.find(name);
  if (service === undefined) return undefined;
  const handle: Handler = (request) => parts.services.handle(service, request, `${parts.origin()}${path}${search}`);
  return {
    ...counted(parts, { part: 'fhir', service: name }, method, `/${rest.join('/')}`, search, handle),
    latencyMs: parts.latencyMs,
    answered: (status, milliseconds) => parts.statistics.add(name, parts.now(), status, milliseconds),
  };
}

function counted(
  parts: RoutedParts,
  target: RequestTarget,
  method: string,
  path: string,
  search: string,
  handle: Handler,
): Route {
  const arrived = (): Fault['effect'] | undefined => {
    const name = targetName(target);
    parts.counts.add(name, kindOfRequest(target, method, path, search));
    return parts.faults.take(name, method, `${path}${search}`);
  };
  return { path, handle, arrived, now: parts.now };
}
