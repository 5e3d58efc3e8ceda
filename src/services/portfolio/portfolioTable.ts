import { bytesText } from '../../assess/words.ts';
import type { PortfolioEntry, Retirement, Standing } from './contract.ts';

export const portfolioFormats = ['md', 'csv', 'json'] as const;
export type PortfolioFormat = (typeof portfolioFormats)[number];

const columns = [
  'Name',
  'Product',
  'Region',
  'FHIR version',
  'Size',
  'Size in bytes',
  'Retirement',
  'Migration',
  'Name of the migration',
  'Workspace',
  'Subscription',
  'Address',
] as const;

const products = {
  azureApiForFhir: 'Azure API for FHIR',
  ahds: 'Azure Health Data Services',
  fhirServer: 'FHIR server',
} as const;

/** A portfolio as a file: a Markdown table, CSV for spreadsheets, or JSON for programs. */
export function portfolioText(entries: readonly PortfolioEntry[], format: PortfolioFormat): string {
  const sorted = [...entries].sort((a, b) => a.service.name.localeCompare(b.service.name, 'en'));
  switch (format) {
    case 'md':
      return markdown(sorted.map(cellsOf));
    case 'csv':
      return [columns, ...sorted.map(cellsOf)].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
    case 'json':
      return `${JSON.stringify(sorted.map(recordOf), null, 2)}\n`;
  }
}

function cellsOf({ service, facts, standing }: PortfolioEntry): readonly string[] {
  return [
    service.name,
    products[service.kind],
    service.location ?? '',
    service.fhirVersion ?? '',
    facts.size.known ? bytesText(facts.size.value) : 'not known',
    facts.size.known ? String(facts.size.value) : '',
    retirementText(facts.retirement),
    standingText(standing),
    standing.migration ?? '',
    service.workspace ?? '',
    service.subscriptionId ?? '',
    service.endpoint,
  ];
}

/** A line of the portfolio for programs. */
export function recordOf({ service, facts, standing }: PortfolioEntry): object {
  return {
    name: service.name,
    kind: service.kind,
    location: service.location,
    fhirVersion: service.fhirVersion,
    sizeBytes: facts.size.known ? facts.size.value : undefined,
    sizeUnknownBecause: facts.size.known ? undefined : facts.size.failure.message,
    retirement: facts.retirement,
    migration: standing,
    workspace: service.workspace,
    subscriptionId: service.subscriptionId,
    resourceId: service.resourceId,
    endpoint: service.endpoint,
  };
}

export function retirementText(retirement: Retirement): string {
  switch (retirement) {
    case 'none':
      return 'not retired';
    case 'announced':
      return 'retires on 30 September 2026';
    case 'passed':
      return 'retired on 30 September 2026, still answers';
    case 'exportsOnly':
      return 'retired: answers only metadata and exports';
    case 'silent':
      return 'does not answer';
  }
}

export const standingText = ({ state, role }: Standing): string => (role === undefined ? state : `${state} (${role})`);

function markdown(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string =>
    text
      .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .replace(/[\\|[\]`*_]/g, (character) => `\\${character}`)
      .replaceAll('<', '&lt;');
  const line = (row: readonly string[]): string => `| ${row.map(cell).join(' | ')} |\n`;
  return line(columns) + line(columns.map(() => '---')) + rows.map(line).join('');
}

/** A spreadsheet takes a cell that begins with these for a formula. */
const formula = /^[=+\-@\t\r]/;

function csvCell(text: string): string {
  const plain = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
