import { writeFile } from 'node:fs/promises';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { Failure } from '../../failure/failure.ts';
import type { PortfolioEntry } from '../../services/portfolio/contract.ts';
import { portfolioText, recordOf, retirementText, standingText } from '../../services/portfolio/portfolioTable.ts';
import { standingOf, standings } from '../../services/portfolio/standing.ts';
import { bytesText } from '../../assess/words.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { table } from '../output/table.ts';
import { UsageError, type Session } from '../session.ts';
import type { DiscoverOptions } from './discover.ts';

export interface PortfolioOptions extends DiscoverOptions {
  readonly out?: string;
}

/** Lists every service with size, region, version, retirement and migration; `out` ends in .md, .csv or .json. */
export async function portfolio(session: Session, { out, ...scope }: PortfolioOptions): Promise<ExitCode> {
  const { services, output, signal } = session;
  const format = (['md', 'csv', 'json'] as const).find((ending) => out?.toLowerCase().endsWith(`.${ending}`));
  if (out !== undefined && format === undefined) throw new UsageError('Give a file that ends in .md, .csv or .json.');
  const found = new Map<string, DiscoveredService>();
  const problems: Failure[] = [];
  const where = {
    ...(scope.tenant === undefined ? {} : { tenantIds: scope.tenant }),
    ...(scope.subscription === undefined ? {} : { subscriptionIds: scope.subscription }),
  };
  for await (const event of services.discover(where, signal)) {
    if (event.type === 'services') for (const service of event.services) found.set(service.id, service);
    else if (event.type === 'problem') problems.push(event.failure);
  }
  const migrations = (await services.listMigrations((_, failure) => problems.push(failure))).map((one) =>
    one.overview(),
  );
  const entries: PortfolioEntry[] = [];
  const all = standings(migrations);
  await services.serviceFacts([...found.values()], signal, (facts) => {
    const service = found.get(facts.id);
    if (service !== undefined) entries.push({ service, facts, standing: standingOf(all, service.endpoint) });
  });
  entries.sort((a, b) => a.service.name.localeCompare(b.service.name, 'en'));
  for (const entry of entries) output.record('service', recordOf(entry));
  for (const line of linesOf(entries)) output.line(line);
  if (out !== undefined && format !== undefined) {
    await writeFile(out, portfolioText(entries, format));
    output.line(`Wrote ${out}.`);
  }
  for (const problem of problems) output.failure(problem);
  return problems.length > 0 ? exitCodes.needsAttention : exitCodes.success;
}

function linesOf(entries: readonly PortfolioEntry[]): readonly string[] {
  const header = ['name', 'kind', 'region', 'FHIR', 'size', 'retirement', 'migration'];
  const rows = entries.map(({ service, facts, standing }) => [
    service.workspace === undefined ? service.name : `${service.workspace}/${service.name}`,
    service.kind,
    service.location,
    service.fhirVersion,
    facts.size.known ? bytesText(facts.size.value) : 'not known',
    retirementText(facts.retirement),
    standingText(standing),
  ]);
  return rows.length === 0 ? ['No FHIR service was found.'] : table(header, rows);
}
