/** Names that a template gives to what it makes, as far as they are values and not expressions. */
export interface TemplateNames {
  readonly workspaces: readonly string[];
  readonly services: readonly string[];
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the names of workspaces and FHIR services that a template makes. */
export function namesIn(template: object): TemplateNames {
  const { parameters, resources } = template as { readonly parameters?: unknown; readonly resources?: unknown };
  const rows: readonly unknown[] = Array.isArray(resources) ? resources : [];
  const named = (type: string): readonly string[] =>
    rows.flatMap((row) => {
      if (!isFields(row) || typeof row.type !== 'string' || typeof row.name !== 'string') return [];
      return row.type.toLowerCase() === type ? (lastName(row.name, parameters) ?? []) : [];
    });
  return {
    workspaces: named('microsoft.healthcareapis/workspaces'),
    services: named('microsoft.healthcareapis/workspaces/fhirservices'),
  };
}

/** The last part of a name: a text, a parameter with a default, or a format of such. */
function lastName(name: string, parameters: unknown): string | undefined {
  const valueOf = (text: string): string | undefined => {
    const literal = /^'((?:[^']|'')*)'$/.exec(text.trim())?.[1];
    if (literal !== undefined) return literal.replaceAll("''", "'");
    const parameter = /^parameters\('(\w+)'\)$/.exec(text.trim())?.[1];
    const given = isFields(parameters) && parameter !== undefined ? parameters[parameter] : undefined;
    return isFields(given) && typeof given.defaultValue === 'string' ? given.defaultValue : undefined;
  };
  if (!name.startsWith('[')) return name.split('/').at(-1);
  const inner = name.slice(1, -1);
  const parts = /^format\('(?:\{\d\}\/)*\{\d\}', (.*)\)$/.exec(inner)?.[1];
  return valueOf(parts === undefined ? inner : (parts.split(', ').at(-1) ?? ''));
}
