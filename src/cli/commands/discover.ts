import type { DiscoveredService } from '../../azure/discovered.ts';
import type { Failure } from '../../failure/failure.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { table } from '../output/table.ts';
import type { Session } from '../session.ts';

export interface DiscoverOptions {
  readonly tenant?: readonly string[];
  readonly subscription?: readonly string[];
}

/** Lists the FHIR services that the account can see. What cannot be loaded is told beside the rest: exit code 1. */
export async function discover({ services, output, signal }: Session, options: DiscoverOptions): Promise<ExitCode> {
  const found = new Map<string, DiscoveredService>();
  const problems: Failure[] = [];
  const scope = {
    ...(options.tenant === undefined ? {} : { tenantIds: options.tenant }),
    ...(options.subscription === undefined ? {} : { subscriptionIds: options.subscription }),
  };
  let looked = { tenants: 0, subscriptions: 0 };
  for await (const event of services.discover(scope, signal)) {
    if (event.type === 'services') for (const service of event.services) found.set(service.id, service);
    else if (event.type === 'problem') problems.push(event.failure);
    else if (event.type === 'done') looked = event.looked;
  }
  const list = [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
  for (const service of list) output.record('service', service);
  const header = ['name', 'kind', 'FHIR', 'location', 'state', 'export to', 'import', 'resource id'];
  const rows = list.map((service) => [
    service.workspace === undefined ? service.name : `${service.workspace}/${service.name}`,
    service.kind,
    service.fhirVersion,
    service.location,
    service.provisioningState,
    service.exportStorageAccount,
    service.importMode,
    service.resourceId ?? service.endpoint,
  ]);
  if (rows.length > 0) for (const line of table(header, rows)) output.line(line);
  const where = `${counted(looked.subscriptions, 'subscription')} of ${counted(looked.tenants, 'tenant')}`;
  output.line(`${counted(list.length, 'FHIR service')} in ${where}.`);
  for (const problem of problems) output.failure(problem);
  return problems.length > 0 ? exitCodes.needsAttention : exitCodes.success;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
