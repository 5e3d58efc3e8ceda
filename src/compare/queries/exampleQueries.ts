/** Types that applications ask for most, in the order in which examples are written. */
const usualTypes = [
  'Patient',
  'Observation',
  'Encounter',
  'Condition',
  'Procedure',
  'MedicationRequest',
  'DiagnosticReport',
  'Immunization',
  'AllergyIntolerance',
  'Practitioner',
  'Organization',
];

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly definition: string;
}

interface ListedType {
  readonly type: string;
  readonly parameters: readonly Parameter[];
  readonly includes: readonly string[];
}

/**
 * Text of a queries file with examples that this service understands: newest resources, dates, references brought along,
 * and every custom search parameter. What needs a value of the user's own stands as a comment.
 * @param json text of a capability statement
 */
export function exampleQueries(json: string): string {
  const types = typesIn(json);
  const usual = usualTypes.flatMap((name) => types.find(({ type }) => type === name) ?? []);
  const customs = types.flatMap(({ type, parameters }) =>
    parameters
      .filter(
        ({ name, definition, type: kind }) => kind !== 'composite' && !name.startsWith('_') && isCustom(definition),
      )
      .map(({ name }) => `${type}?${encodeURIComponent(name)}:missing=false&_sort=-_lastUpdated&_count=20`),
  );
  return [
    '# Searches that applications run, one to a line, relative to the service.',
    '# Both services are asked; totals, order, includes and contents are compared.',
    '',
    ...usual.flatMap((type) => [...examplesOf(type), '']),
    ...(customs.length === 0 ? [] : ['# Custom search parameters', ...new Set(customs), '']),
    '# Searches with values of your own, for example:',
    '# Patient?family=smith&birthdate=ge1980-01-01&_sort=birthdate',
    '# Observation?code=http://loinc.org|8867-4&date=ge2024-01-01&_include=Observation:subject',
    '',
  ].join('\n');
}

/** Built-in parameters are those of FHIR itself, and the expiry date of the services. */
const isCustom = (definition: string): boolean =>
  !definition.startsWith('http://hl7.org/fhir/') && !definition.startsWith('https://azurehealthcareapis.com/');

function examplesOf({ type, parameters, includes }: ListedType): readonly string[] {
  const date = parameters.find(({ name, type: kind }) => kind === 'date' && !name.startsWith('_'));
  const reference = ['patient', 'subject'].find((name) => includes.includes(`${type}:${name}`));
  const include = reference === undefined ? includes.find((one) => one !== '*') : `${type}:${reference}`;
  return [
    `# ${type}`,
    `${type}?_summary=count`,
    `${type}?_sort=-_lastUpdated&_count=20`,
    ...(date === undefined ? [] : [`${type}?${date.name}=ge2020-01-01&_sort=_lastUpdated&_count=20`]),
    ...(include === undefined ? [] : [`${type}?_include=${include}&_sort=_lastUpdated&_count=20`]),
  ];
}

function typesIn(json: string): readonly ListedType[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    // Examples are a help: a statement that cannot be read leaves those that need none.
    return [];
  }
  const [rest] = list(field(parsed, 'rest'));
  return list(field(rest, 'resource')).flatMap((resource) => {
    const type = field(resource, 'type');
    if (typeof type !== 'string' || !/^[A-Z][A-Za-z]{1,63}$/.test(type)) return [];
    const parameters = list(field(resource, 'searchParam')).flatMap((one) => parameterIn(one) ?? []);
    const includes = list(field(resource, 'searchInclude')).filter(
      (one): one is string => typeof one === 'string' && /^[A-Za-z:_-]{1,200}$/.test(one),
    );
    return [{ type, parameters, includes }];
  });
}

function parameterIn(value: unknown): Parameter | undefined {
  const [name, type, definition] = [field(value, 'name'), field(value, 'type'), field(value, 'definition')];
  // Names come from a server; what is no name could end a line and begin another one.
  if (typeof name !== 'string' || !/^[A-Za-z0-9_-]{1,100}$/.test(name) || typeof type !== 'string') return undefined;
  return { name, type, definition: typeof definition === 'string' ? definition : 'http://hl7.org/fhir/unknown' };
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
