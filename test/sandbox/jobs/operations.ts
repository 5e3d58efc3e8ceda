import type { BlobAccount } from '../blob/blobAccount.ts';
import type { FhirHttpRequest, FhirHttpResponse } from '../fhir/http.ts';
import type {
  FhirServiceContext,
  JobSummary,
  OperationRoute,
  OperationsFactory,
  OperationsHandler,
} from '../fhir/operations.ts';
import { ExportJobs } from './export/exportJobs.ts';
import { ImportJobs } from './import/importJobs.ts';
import type { Job } from './job.ts';

/**
 * Makes `$export` and `$import` of the services of a sandbox, over its storage accounts.
 * @param accounts by name; a service without a name for its export or import account uses the first one
 */
export function createOperations(accounts: ReadonlyMap<string, BlobAccount>): OperationsFactory {
  const [first] = accounts.values();
  const accountOf = (name: string | undefined): BlobAccount | undefined =>
    name === undefined ? first : accounts.get(name);
  return (context) => new ServerOperations(context, accountOf);
}

class ServerOperations implements OperationsHandler {
  readonly #exports: ExportJobs;
  readonly #imports: ImportJobs;

  constructor(context: FhirServiceContext, accountOf: (name: string | undefined) => BlobAccount | undefined) {
    this.#exports = new ExportJobs(context, accountOf);
    this.#imports = new ImportJobs(context, accountOf);
  }

  async handle(route: OperationRoute, request: FhirHttpRequest): Promise<FhirHttpResponse> {
    switch (route.kind) {
      case 'startExport':
        return this.#exports.start(route, request);
      case 'startImport':
        return this.#imports.start(request);
      case 'jobStatus':
        return route.operation === 'export'
          ? this.#exports.status(route.id)
          : this.#imports.status(route.id, request.query.get('_details')?.toLowerCase() === 'true');
      case 'cancelJob':
        return route.operation === 'export' ? this.#exports.cancel(route.id) : this.#imports.cancel(route.id);
    }
  }

  active(operation: 'export' | 'import'): readonly string[] {
    return this.#of(operation)
      .filter((job) => job.isActive)
      .map((job) => job.id);
  }

  jobs(): readonly JobSummary[] {
    const summaries = (['export', 'import'] as const).flatMap((operation) =>
      this.#of(operation).map(({ id, state }) => ({ id, operation, state })),
    );
    return summaries.sort((a, b) => Number(a.id) - Number(b.id));
  }

  async stop(): Promise<void> {
    await Promise.all([this.#exports.stop(), this.#imports.stop()]);
  }

  #of(operation: 'export' | 'import'): readonly Job[] {
    return operation === 'export' ? this.#exports.all : this.#imports.all;
  }
}
