import { Agent } from 'node:https';
import { BlobServiceClient, type ContainerClient, newPipeline, type StoragePipelineOptions } from '@azure/storage-blob';
import type { RunningSandbox } from '../../sandbox/contract.ts';

/** A container of a sandbox's staging account, as another program with all rights sees it. */
export function containerOf(sandbox: RunningSandbox, container: string, account = 'contosostaging'): ContainerClient {
  const credential = {
    getToken: async () => ({
      token: await sandbox.token('https://storage.azure.com/'),
      expiresOnTimestamp: Date.now() + 600_000,
    }),
  };
  const settings: StoragePipelineOptions & { readonly agent: Agent } = {
    agent: new Agent({ ca: sandbox.certificateAuthority }),
  };
  return new BlobServiceClient(sandbox.blobEndpoint(account), newPipeline(credential, settings)).getContainerClient(
    container,
  );
}

/** Every blob of a container with its size; undefined where there is no such container. */
export async function blobsIn(client: ContainerClient): Promise<ReadonlyMap<string, number> | undefined> {
  if (!(await client.exists())) return undefined;
  const found = new Map<string, number>();
  for await (const { name, properties } of client.listBlobsFlat()) found.set(name, properties.contentLength ?? 0);
  return found;
}

export async function put(client: ContainerClient, path: string, text: string): Promise<void> {
  await client.createIfNotExists();
  await client.getBlockBlobClient(path).upload(text, Buffer.byteLength(text));
}
