import { instantText } from './count.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { checkId, checkType } from './names.ts';
import { type AcceptedOperation, acceptedOperation } from './operationUrl.ts';

const attempted = { tried: 'Starting the export', role: 'FHIR Data Exporter' };

/** What a request for an export says; both bounds as the server's own clock counts, milliseconds since 1970 UTC. */
export interface ExportRequest {
  /** Absent: from the beginning. Inclusive. */
  readonly since?: number;
  /** Exclusive on AHDS (parallel), inclusive on Azure API for FHIR. */
  readonly till: number;
  readonly types?: readonly string[];
  readonly container: string;
  readonly history: boolean;
  readonly softDeleted: boolean;
  readonly parallel: boolean;
  readonly maxCount?: number;
  /** `Type?search` each; a filtered export goes page by page, whatever `parallel` says. */
  readonly typeFilters?: readonly string[];
  /** Blob of the container `anonymization` of the export account, and its version. */
  readonly deidentified?: { readonly config: string; readonly etag: string };
  /** These resources alone; goes with `types`, not with history, deleted ones or `parallel`. */
  readonly only?: readonly { readonly type: string; readonly id: string }[];
}

/** Query of `$export` in a fixed order. The values of `includeAssociatedData` need their underscores (ExportController). */
export function exportQuery(request: ExportRequest): readonly (readonly [string, string])[] {
  const associated = [...(request.history ? ['_history'] : []), ...(request.softDeleted ? ['_deleted'] : [])];
  return [
    ...(request.since === undefined ? [] : [['_since', instantText(request.since)] as const]),
    ['_till', instantText(request.till)],
    ...(request.types === undefined || request.types.length === 0
      ? []
      : [['_type', request.types.map(checkType).join(',')] as const]),
    ['_container', request.container],
    ['_isParallel', String(request.parallel)],
    ...(associated.length === 0 ? [] : [['includeAssociatedData', associated.join(',')] as const]),
    // A comma parts filters, so that each id has one of its own (fhir-server: CreateExportRequestHandler).
    ...(request.only === undefined
      ? []
      : [
          [
            '_typeFilter',
            request.only.map(({ type, id }) => `${checkType(type)}?_id=${checkId(id)}`).join(','),
          ] as const,
        ]),
    ...(request.maxCount === undefined ? [] : [['_maxCount', String(request.maxCount)] as const]),
    ...(request.typeFilters === undefined ? [] : [['_typeFilter', request.typeFilters.join(',')] as const]),
    ...(request.deidentified === undefined
      ? []
      : [
          ['_anonymizationConfig', request.deidentified.config] as const,
          ['_anonymizationConfigEtag', request.deidentified.etag] as const,
        ]),
  ];
}

/**
 * Starts a system-level export. Every request that reaches the server makes a new job, so it is never repeated here
 * after it was sent; finding a lost one again is the caller's business.
 */
export async function startExport(
  client: FhirClient,
  request: ExportRequest,
  signal: AbortSignal,
): Promise<AcceptedOperation> {
  const answer = await client.send(
    {
      method: 'GET',
      path: '/$export',
      query: exportQuery(request),
      headers: { ...acceptFhir, prefer: 'respond-async' },
      template: '/$export',
      retry: 'ifUnsent',
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.start,
    },
    signal,
  );
  if (answer.status !== 202) throw fhirFailure(answer, attempted);
  return acceptedOperation(client, answer, attempted);
}
