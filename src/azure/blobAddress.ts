import { FailureError } from '../failure/failure.ts';
import { hostOf, type ServiceBase, serviceBase } from '../http/serviceBase.ts';

/** A blob of the staging account, by its names. */
export interface BlobAddress {
  readonly container: string;
  /** Path inside the container. */
  readonly path: string;
}

const containerPattern = /^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$/;
/** What the servers and this product name blobs with; anything that needs encoding has no business in an address. */
const segmentPattern = /^[A-Za-z0-9._-]{1,254}$/;

/** The staging account as a place that addresses are measured against. Throws `invalidInput` as `serviceBase` does. */
export function stagingBase(accountName: string, blobEndpoint: string): ServiceBase {
  return serviceBase(accountName, blobEndpoint);
}

/**
 * Takes the address of a file apart. Throws `unexpectedAnswer` unless it is a plain address below the account's own blob
 * endpoint: same scheme, host and port, no credentials, query, fragment, encoding or dot segments. Manifests come from a
 * server, and whoever can change one must not be able to make this program, or the target service, read elsewhere.
 */
export function parseBlobAddress(account: ServiceBase, address: string): BlobAddress {
  const rest = below(account, address);
  const [container, ...segments] = rest?.split('/') ?? [];
  if (
    container === undefined ||
    !containerPattern.test(container) ||
    segments.length === 0 ||
    !segments.every((segment) => segmentPattern.test(segment) && !/^\.+$/.test(segment))
  )
    throw new FailureError({
      kind: 'unexpectedAnswer',
      message: `A file address on ${hostOf(address)} is not a plain address inside the staging account ${account.name} (${hostOf(account.endpoint)}); it was not used.`,
      service: account.name,
      nextStep: 'Check that the export of the source service is configured for this staging account.',
    });
  return { container, path: segments.join('/') };
}

/** The part below the endpoint, taken from the raw text: a parser would repair what must be refused. */
function below(account: ServiceBase, address: string): string | undefined {
  if (address.length > 2_048 || !/^https:\/\/[\x21-\x7e]+$/i.test(address) || /[%\\?#@]/.test(address))
    return undefined;
  const [, authority = '', path = ''] = /^https:\/\/([^/]*)\/(.*)$/i.exec(address) ?? [];
  if (!URL.canParse(`https://${authority}/`) || new URL(`https://${authority}/`).origin !== account.origin)
    return undefined;
  // The same host can be written in many ways (octal, hexadecimal, dotless); only the account's own spelling is taken.
  const spelled = authority.toLowerCase().replace(/:443$/, '');
  if (`https://${spelled}` !== account.origin) return undefined;
  const prefix = account.path === '' ? '' : `${account.path.slice(1)}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

/** Address of a blob, as manifests write it. */
export function blobUrl(account: ServiceBase, { container, path }: BlobAddress): string {
  return `${account.endpoint}/${container}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
