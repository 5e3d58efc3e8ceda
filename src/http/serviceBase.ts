import { FailureError } from '../failure/failure.ts';

/** Address below which everything of one service lies. */
export interface ServiceBase {
  readonly name: string;
  readonly origin: string;
  /** Path without trailing slash; empty when the service is at the root of its host. */
  readonly path: string;
  /** Origin and path. */
  readonly endpoint: string;
}

/** Takes an endpoint apart. Throws `invalidInput` unless it is a plain https address without query or credentials. */
export function serviceBase(name: string, endpoint: string): ServiceBase {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== 'https:' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw new FailureError({
      kind: 'invalidInput',
      message: `The address of ${name} is not a plain https address.`,
      service: name,
      nextStep: 'Give the address as https://host/path, without query and credentials.',
    });
  const path = url.pathname.replace(/\/+$/, '');
  return { name, origin: url.origin, path, endpoint: `${url.origin}${path}` };
}

/**
 * The address when it lies inside the service: same scheme, host, port and base path, no credentials. Encoded slashes
 * are refused because proxies and servers disagree about what they mean.
 */
export function insideService(base: ServiceBase, address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const inside =
    url.origin === base.origin &&
    url.username === '' &&
    url.password === '' &&
    (url.pathname === base.path || url.pathname.startsWith(`${base.path}/`)) &&
    !/%(?:2f|5c)/i.test(url.pathname);
  return inside ? url : undefined;
}

/** Host of an address for a message; never its path or query. */
export function hostOf(address: string): string {
  if (!URL.canParse(address)) return 'an unreadable address';
  const url = new URL(address);
  return url.host === '' ? `a ${url.protocol} address` : url.host;
}
