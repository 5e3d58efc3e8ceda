import type { LoadSample, SourcePort, TargetPort } from '../../engine/ports.ts';
import { cancelOperation } from '../../fhir/cancelOperation.ts';
import { copySearchParameters } from '../../fhir/copySearchParameters.ts';
import { count } from '../../fhir/count.ts';
import { countTypes } from '../../fhir/countTypes.ts';
import { earliest } from '../../fhir/earliest.ts';
import { exportStatus } from '../../fhir/exportStatus.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { heldVersions } from '../../fhir/heldVersions.ts';
import { importStatus } from '../../fhir/importStatus.ts';
import { readMetadata } from '../../fhir/metadata.ts';
import { newest } from '../../fhir/newest.ts';
import { operationUrl } from '../../fhir/operationUrl.ts';
import { readSearchParameters } from '../../fhir/searchParameters.ts';
import { serverTime } from '../../fhir/serverTime.ts';
import { startExport } from '../../fhir/startExport.ts';
import { startImport } from '../../fhir/startImport.ts';

/**
 * A look at a running import says nothing of the load: the server itself sleeps ten times as long as its query took
 * (fhir-server: GetImportRequestHandler).
 */
function withoutPatience(listener: (sample: LoadSample) => void): (sample: LoadSample) => void {
  return (sample) => {
    if (sample.throttled || !sample.request.includes('/_operations/import/')) listener(sample);
  };
}

/** The source as the engine sees it. */
export const sourcePort = (client: FhirClient): SourcePort => ({
  count: (query, signal) => count(client, query, signal),
  countTypes: (types, range, signal) => countTypes(client, types, range, signal),
  serverTime: (signal) => serverTime(client, signal),
  watchLoad: (listener) => client.watchLoad(withoutPatience(listener)),
  earliest: (of, signal) => earliest(client, of, signal),
  newest: (of, types, signal) => newest(client, of, types, signal),
  resourceTypes: async (signal) => (await readMetadata(client, signal)).capabilities.resourceTypes,
  startExport: (request, signal) => startExport(client, request, signal),
  exportStatus: (statusUrl, signal) => exportStatus(client, statusUrl, signal),
  cancelExport: (statusUrl, signal) => cancelOperation(client, 'export', statusUrl, signal),
  exportStatusUrl: (jobId) => operationUrl(client, 'export', jobId),
  searchParameters: (signal) => readSearchParameters(client, signal),
});

/** The target as the engine sees it. */
export const targetPort = (client: FhirClient): TargetPort => ({
  count: (query, signal) => count(client, query, signal),
  countTypes: (types, range, signal) => countTypes(client, types, range, signal),
  serverTime: (signal) => serverTime(client, signal),
  watchLoad: (listener) => client.watchLoad(withoutPatience(listener)),
  startImport: (request, signal) => startImport(client, request, signal),
  importStatus: (statusUrl, signal) => importStatus(client, statusUrl, signal),
  cancelImport: (statusUrl, signal) => cancelOperation(client, 'import', statusUrl, signal),
  heldVersions: (type, id, signal) => heldVersions(client, type, id, signal),
  copySearchParameters: (parameters, signal) => copySearchParameters(client, parameters, signal),
});
