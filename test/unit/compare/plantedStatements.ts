import { capabilityStatement } from '../../sandbox/fhir/metadata.ts';
import { ParameterRegistry } from '../../sandbox/fhir/parameters/registry.ts';

interface Keyed {
  readonly name: string;
  definition?: string;
  type?: string;
}

export interface StatementType {
  type: string;
  versioning?: string;
  interaction: { code: string }[];
  searchParam: Keyed[];
  searchInclude?: string[];
  searchRevInclude?: string[];
  supportedProfile?: string[];
}

export interface Statement {
  url: string;
  date: string;
  format: string[];
  rest: { resource: StatementType[]; operation: Keyed[]; interaction: { code: string }[] }[];
}

/** The capability statement of a service that has all built-in search parameters, as text of about 1.3 MB. */
export function statementText(base: string): string {
  const authority = 'https://login.microsoftonline.com/contoso';
  const registry = new ParameterRegistry();
  return capabilityStatement({ flavour: 'ahds', base, authority, fhirVersion: '4.0.1', registry, profiles: new Map() });
}

/** Every list and every object of a value in another order, the same for the same seed. */
export function shuffled<T>(value: T, seed: number): T {
  if (Array.isArray(value)) {
    const list = (value as unknown[]).map((item) => shuffled(item, seed));
    return list
      .map((item, i) => ({ item, at: (i * 7919 + seed * 104_729) % 1009 }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item) as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, shuffled(item as unknown, seed)] as const);
  return Object.fromEntries(seed % 2 === 0 ? entries : entries.reverse()) as T;
}

type Change = (type: StatementType) => readonly string[];

const lastOf = (list: readonly string[] | undefined): string => list?.at(-1) ?? '';

function changed(parameter: Keyed | undefined, to: Partial<Keyed>): readonly string[] {
  if (parameter !== undefined) Object.assign(parameter, to);
  return ['search parameter', parameter?.name ?? ''];
}

/** One change of each kind that a statement can have in a type; each gives the path of the difference below the type. */
const changes: readonly Change[] = [
  (type) => ['interaction', type.interaction.pop()?.code ?? ''],
  (type) => (type.interaction.push({ code: 'planted' }), ['interaction', 'planted']),
  (type) => ['search parameter', type.searchParam.shift()?.name ?? ''],
  (type) => (
    type.searchParam.push({ name: 'planted', type: 'token', definition: 'https://example.org/planted' }),
    ['search parameter', 'planted']
  ),
  (type) => changed(type.searchParam.at(-1), { type: 'composite' }),
  (type) => changed(type.searchParam.at(-1), { definition: 'urn:x' }),
  (type) => ['include', (type.searchInclude ??= []).push(`${type.type}:planted`) > 0 ? `${type.type}:planted` : ''],
  (type) => {
    const gone = lastOf(type.searchRevInclude);
    type.searchRevInclude?.pop();
    return ['reverse include', gone];
  },
  (type) => ((type.versioning = 'no-version'), ['versioning']),
  (type) => ((type.supportedProfile = ['https://example.org/profile']), ['profile', 'https://example.org/profile']),
];

export interface Planted {
  readonly source: string;
  readonly target: string;
  /** Paths of the differences, sorted. */
  readonly paths: readonly string[];
}

/** Two statements of other addresses and orders that differ in exactly so many things, in the types and in the server. */
export function planted(count: number, copies = 1): Planted {
  const source = enlarged(JSON.parse(statementText('https://contoso.azurehealthcareapis.com')) as Statement, copies);
  const target = enlarged(
    JSON.parse(statementText('https://ws-new.fhir.azurehealthcareapis.com')) as Statement,
    copies,
  );
  target.date = '2026-10-01';
  const [rest] = target.rest;
  const paths: string[][] = [];
  if (rest !== undefined) {
    paths.push(['server', 'operation', rest.operation.shift()?.name ?? '']);
    rest.interaction.push({ code: 'planted' });
    paths.push(['server', 'interaction', 'planted'], ['statement', 'format', 'planted']);
    target.format.push('planted');
    paths.push([rest.resource.shift()?.type ?? '', 'resource type']);
    const usable = rest.resource.filter(({ searchRevInclude = [] }) => searchRevInclude.length > 0);
    for (let number = 0; paths.length < count; number += 1) {
      const type = usable[(number * 7) % usable.length];
      const change = changes[number % changes.length];
      if (type !== undefined && change !== undefined) paths.push([type.type, ...change(type)]);
    }
  }
  return {
    source: JSON.stringify(shuffled(source, 3)),
    target: JSON.stringify(shuffled(target, 8)),
    paths: paths.map((path) => path.join(' › ')).sort(),
  };
}

/** A larger statement of the same kind: its types again, under other names. */
function enlarged(statement: Statement, copies: number): Statement {
  const [rest] = statement.rest;
  if (rest === undefined) return statement;
  const more = Array.from({ length: copies - 1 }, (_, copy) =>
    rest.resource.map((type) => ({ ...structuredClone(type), type: `${type.type}Copy${copy}` })),
  );
  rest.resource.push(...more.flat());
  return statement;
}
