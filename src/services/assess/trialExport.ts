import type { ArmClient } from '../../azure/armClient.ts';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { Staging } from '../../azure/staging.ts';
import { findStorageAccount } from '../../azure/storageAccount.ts';
import { SampleReader, type SampleFacts } from '../../assess/sample.ts';
import type { PlanStaging } from '../../engine/plan.ts';
import { FailureError } from '../../failure/failure.ts';
import { cancelOperation } from '../../fhir/cancelOperation.ts';
import type { ExportManifest } from '../../fhir/exportManifest.ts';
import { exportStatus } from '../../fhir/exportStatus.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { serverTime } from '../../fhir/serverTime.ts';
import { startExport } from '../../fhir/startExport.ts';
import type { Clients } from '../clients.ts';
import { plannedService } from '../plannedService.ts';

/** A container of its own, so that no migration takes these files for its own. */
export const trialContainer = 'migration-trial';

/** Enough to find hazards, few enough to wait for. */
const mostLines = 200_000;
const day = 86_400_000;
/** Interval of looks at the export: at once for a small one, then slower, milliseconds. */
const [firstLook, lastLook] = [500, 20_000];

export interface TrialSurroundings {
  readonly clients: Clients;
  readonly arm: ArmClient;
  readonly stagingAt: (staging: PlanStaging) => Staging;
}

/**
 * Exports what changed in the last days, versions included, to the source's export storage, and looks at up to 200,000
 * lines of it for hazards. The files stay in the container `migration-trial`; nothing is written to the source.
 * @throws FailureError `invalidInput` without export storage, what the export failed with, `cancelled` (the job is then
 * cancelled, too)
 */
export async function trialExport(
  service: DiscoveredService,
  days: number,
  { clients, arm, stagingAt }: TrialSurroundings,
  signal: AbortSignal,
): Promise<SampleFacts> {
  const account = service.exportStorageAccount;
  if (account === undefined || account === '')
    throw new FailureError({
      kind: 'invalidInput',
      message: `${service.name} has no storage account for exports, so that nothing can be exported on trial.`,
      nextStep: 'Choose one on the page Export of the service, or assess without a trial export.',
    });
  const { name, blobEndpoint, tenantId } = await findStorageAccount(arm, account, service.tenantId, signal);
  const staging = stagingAt({
    accountName: name.toLowerCase(),
    blobEndpoint,
    container: trialContainer,
    ...(tenantId === undefined ? {} : { tenantId }),
  });
  const client = await clients.of(plannedService(service), signal);
  const manifest = await exported(client, days, signal);
  const reader = new SampleReader();
  let left = mostLines;
  for (const { url } of manifest.output) {
    staging.checkAddress(url);
    const path = url.slice(url.indexOf(`/${trialContainer}/`) + trialContainer.length + 2);
    for await (const line of staging.lines(path, signal)) {
      if (!line.tooLong) reader.add(line.text);
      left -= 1;
      if (left === 0) return reader.facts();
    }
  }
  return reader.facts();
}

async function exported(client: FhirClient, days: number, signal: AbortSignal): Promise<ExportManifest> {
  const till = await serverTime(client, signal);
  const request = { since: till - days * day, till, container: trialContainer, parallel: true };
  const { statusUrl } = await startExport(client, { ...request, history: true, softDeleted: true }, signal);
  try {
    for (let wait = firstLook; ; wait = Math.min(lastLook, wait * 1.5)) {
      await client.clock.sleep(wait, signal);
      const status = await exportStatus(client, statusUrl, signal);
      if (status.state === 'completed') return status.manifest;
      if (status.state !== 'running') throw new FailureError(status.failure);
    }
  } catch (error) {
    if (signal.aborted)
      await cancelOperation(client, 'export', statusUrl, new AbortController().signal).catch(() => undefined);
    throw error;
  }
}
