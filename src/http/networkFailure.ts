import { lookup } from 'node:dns/promises';
import { type Failure, FailureError } from '../failure/failure.ts';
import { redact } from '../failure/redact.ts';

/** Codes of errors that happen before a single byte of the request has left. */
const unsentCodes: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED']);
const certificateCode = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/;

/** True when the server cannot have seen the request. */
export function wasNeverSent(failure: Failure): boolean {
  return failure.kind === 'network' && unsentCodes.has(failure.code ?? '');
}

/** True when trying again at once cannot help: the server's certificate is not trusted. */
export function isUntrusted(failure: Failure): boolean {
  return failure.kind === 'network' && certificateCode.test(failure.code ?? '');
}

/** Tells whether names can be resolved at all, so that an offline machine is not taken for a service that is gone. */
export type NameProbe = (host: string) => Promise<boolean>;

/** Asks the machine's own resolver. */
export const resolvesName: NameProbe = async (host) =>
  lookup(host).then(
    () => true,
    () => false,
  );

/** Turns an error of the transport into a failure. Error texts hold addresses, so only the code is kept. */
export async function networkFailure(
  error: unknown,
  context: { readonly service: string; readonly request: string; readonly host: string; readonly nameProbe: NameProbe },
): Promise<FailureError> {
  if (FailureError.is(error)) return error;
  const code = codeOf(error);
  const common = { service: context.service, request: context.request, ...(code === undefined ? {} : { code }) };
  if (code === 'HPE_HEADER_OVERFLOW')
    return new FailureError(
      { ...common, kind: 'unexpectedAnswer', message: `${context.service} sent headers that are too large.` },
      { cause: error },
    );
  if (code === 'ENOTFOUND') {
    const gone = await goneHost(context);
    if (gone !== undefined) return new FailureError({ ...common, ...gone }, { cause: error });
  }
  const explained = explain(code, context.host);
  return new FailureError({ ...common, kind: 'network', ...explained }, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return redact(at.code).slice(0, 60);
  return undefined;
}

function explain(code: string | undefined, host: string): Pick<Failure, 'message' | 'nextStep'> {
  if (code !== undefined && certificateCode.test(code))
    return {
      message: `The certificate of ${host} is not trusted.`,
      nextStep:
        'If a proxy inspects TLS, or the cloud has its own certificate authority, add that authority to the settings.',
    };
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        message: `The name ${host} could not be resolved.`,
        nextStep: 'Check the network connection, the DNS settings and the address.',
      };
    case 'ECONNREFUSED':
      return { message: `${host} refused the connection.`, nextStep: 'Check the address and that the server runs.' };
    default:
      return {
        message: `The connection to ${host} ended without a complete answer.`,
        nextStep: 'Check the network connection and a proxy, if there is one.',
      };
  }
}

/**
 * A name of Azure's FHIR services that no longer exists, while other names resolve, means that the service is gone:
 * Azure API for FHIR retired on 30 September 2026 (Microsoft Learn, healthcare-apis: migration-faq).
 */
async function goneHost(context: {
  readonly service: string;
  readonly host: string;
  readonly nameProbe: NameProbe;
}): Promise<Pick<Failure, 'kind' | 'message' | 'nextStep'> | undefined> {
  const host = context.host.replace(/:\d+$/, '').toLowerCase();
  const suffix = /\.azurehealthcareapis\.(com|us|cn)$/.exec(host)?.[1];
  if (suffix === undefined) return undefined;
  const login = { com: 'login.microsoftonline.com', us: 'login.microsoftonline.us', cn: 'login.chinacloudapi.cn' };
  // Other names resolve and this one still does not: neither an offline machine nor a passing fault of the resolver.
  if (!(await context.nameProbe(login[suffix as keyof typeof login]))) return undefined;
  if (await context.nameProbe(host)) return undefined;
  const isAhds = host.includes('.fhir.azurehealthcareapis.');
  return {
    kind: 'retired',
    message: `The host name ${host} no longer exists.`,
    nextStep: isAhds
      ? 'Check the address; the service or its workspace may have been deleted.'
      : 'Azure API for FHIR retired on 30 September 2026. If the data is still needed, open a support request in the Azure portal and ask for an extension.',
  };
}
