import type { Services } from '../services/contract.ts';

/** The storage account with a name, a resource id or an address. Its address is taken as it is. */
export async function stagingAt(
  services: Services,
  text: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): ReturnType<Services['storageAccount']> {
  if (!text.startsWith('https://')) return services.storageAccount(text, tenantId, signal);
  const url = new URL(text);
  // https://contoso.blob.core.windows.net, or the path style of emulators: https://host/contoso
  const accountName = url.pathname.length > 1 ? url.pathname.slice(1).split('/')[0] : url.hostname.split('.')[0];
  return { accountName: accountName ?? '', blobEndpoint: text.replace(/\/+$/, '') };
}
