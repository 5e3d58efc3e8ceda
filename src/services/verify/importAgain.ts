import type { ManifestFile } from '../../engine/ports.ts';
import type { Staging } from '../../azure/staging.ts';
import { FailureError } from '../../failure/failure.ts';
import { deleteResource } from '../../fhir/deleteResource.ts';
import { exportStatus } from '../../fhir/exportStatus.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import type { ImportFile } from '../../fhir/importBody.ts';
import { importStatus } from '../../fhir/importStatus.ts';
import { startExport } from '../../fhir/startExport.ts';
import { startImport } from '../../fhir/startImport.ts';
import { type Difference, isImportable } from '../../verify/differences.ts';
import { judgeNow } from './judgeNow.ts';
import { openService, openSource } from './openSides.ts';
import type { ImportAgain, ImportAgainRequest } from './verification.ts';
import type { VerifySurroundings } from './verify.ts';

/** Resources of one export: each is a filter in the address, which servers take up to 8 KB of. */
const atOnce = 40;
const firstWaitMs = 500;
const longestWaitMs = 15_000;

/**
 * Exports exactly these resources from the source and imports them into the target. A resource whose version or content
 * the target holds otherwise is first removed there with all its versions, once its export lies in the staging account:
 * an import never overwrites a stored version. Afterwards each is read again on both sides.
 * @throws FailureError `invalidInput` without a migration, or why a service does not do what it is asked
 */
export async function importAgain(
  { migration, differences }: ImportAgainRequest,
  around: VerifySurroundings,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<ImportAgain> {
  const proved = await around.overviewOf(migration);
  const { plan } = proved;
  const [source, target] = await Promise.all([
    around.clients.of(plan.source, signal),
    around.clients.of(plan.target, signal),
  ]);
  const wanted = differences.filter(isImportable);
  const staging = around.stagingOf(plan);
  let exported = 0;
  for (let at = 0; at < wanted.length; at += atOnce) {
    const some = wanted.slice(at, at + atOnce);
    const till = (await openService(source, signal)).now;
    const files = await exportOf(source, staging, some, { till, container: plan.staging.container }, signal);
    const lines = files.reduce((sum, { count }) => sum + count, 0);
    exported += lines;
    // Nothing may be removed from the target that does not lie in the staging account.
    if (lines === some.length) await makeRoom(target, some, signal);
    if (files.length > 0) await load(target, staging, files, plan.options.errorContainer, signal);
    progress(Math.min(at + atOnce, wanted.length), wanted.length);
  }
  const from = await openSource(plan.source, proved, around, signal);
  const to = await openService(target, signal);
  const left: Difference[] = [];
  const comparing = { content: true, versions: true, till: undefined };
  for await (const { judged } of judgeNow(wanted, from.side, to.side, comparing, signal))
    for (const { now } of judged) if (typeof now !== 'string') left.push(now);
  return { asked: wanted.length, exported, left };
}

async function exportOf(
  client: FhirClient,
  staging: Staging,
  some: readonly Difference[],
  { till, container }: { readonly till: number; readonly container: string },
  signal: AbortSignal,
): Promise<readonly ManifestFile[]> {
  const types = [...new Set(some.map(({ type }) => type))].sort();
  const request = { till, container, types, history: false, softDeleted: false, parallel: false, only: some };
  const { statusUrl } = await startExport(client, request, signal);
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 1.5, longestWaitMs)) {
    const status = await exportStatus(client, statusUrl, signal);
    if (status.state === 'completed') {
      for (const { url } of status.manifest.output) staging.checkAddress(url);
      return status.manifest.output;
    }
    if (status.state !== 'running') throw new FailureError(status.failure);
    await client.clock.sleep(waitMs, signal);
  }
}

async function makeRoom(client: FhirClient, some: readonly Difference[], signal: AbortSignal): Promise<void> {
  for (const { type, id, class: kind, reason } of some) {
    // An older version is simply followed by the newer one, which keeps its history.
    if (kind === 'differs' && reason !== 'staleOnTarget')
      await deleteResource(client, type, id, { hard: true }, signal);
    // A tombstone that is newer than the source's version would win over it.
    if (reason === 'deletedOnTarget') await deleteResource(client, type, id, { hard: true }, signal);
  }
}

async function load(
  client: FhirClient,
  staging: Staging,
  exported: readonly ManifestFile[],
  errorContainer: string,
  signal: AbortSignal,
): Promise<void> {
  const folders = new Set(exported.map(({ url }) => url.split('/').at(-2) ?? ''));
  const etags = new Map<string, string>();
  for (const folder of folders)
    for await (const page of staging.files(folder, signal)) for (const { url, etag } of page) etags.set(url, etag);
  const files = exported.map(({ type, url }): ImportFile => ({ type, url, etag: etags.get(url) ?? '' }));
  if (files.some(({ etag }) => etag === ''))
    throw new FailureError({
      kind: 'notFound',
      message: 'An exported file is not in the staging account any more.',
      nextStep: 'Import the differences again.',
    });
  const { statusUrl } = await startImport(client, { files, errorContainer, allowNegativeVersions: true }, signal);
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 1.5, longestWaitMs)) {
    const status = await importStatus(client, statusUrl, signal);
    if (status.state === 'completed') return;
    if (status.state !== 'running') throw new FailureError(status.failure);
    await client.clock.sleep(waitMs, signal);
  }
}
