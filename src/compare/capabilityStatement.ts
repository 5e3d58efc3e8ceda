import { FailureError } from '../failure/failure.ts';
import { documentText, stableOrder } from './stableOrder.ts';

/** A CapabilityStatement as text that can be laid beside another, and what was set aside to make that useful. */
export interface NormalizedStatement {
  /** Two-space JSON: keys sorted, lists in a stable order, what says nothing about abilities replaced by a note. */
  readonly text: string;
  readonly fhirVersion: string | undefined;
  readonly softwareVersion: string | undefined;
  /** What was replaced by a note, as paths. */
  readonly setAside: readonly string[];
}

type Fields = Record<string, unknown>;

/** Differs between any two services or from day to day. The name holds the software's version on Microsoft's servers. */
const volatileAtTop: Readonly<Record<string, string>> = {
  id: 'own id',
  meta: 'own version',
  date: 'changes with every release',
  url: "the service's own address",
  name: 'contains the software version',
  title: 'contains the software version',
  text: 'narrative of the same content',
  implementation: "the service's own address",
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Normalises the answer of `GET /metadata`, so that only real differences show in a comparison.
 * @param json text of the answer
 * @param endpoint base address of the service; addresses below it are written as `{service}/…`
 * @throws FailureError of kind `unexpectedAnswer` when the text is not a CapabilityStatement
 */
export function normalizeStatement(json: string, endpoint: string): NormalizedStatement {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw notAStatement(endpoint, 'The answer is not JSON.', cause);
  }
  if (!isFields(parsed) || parsed.resourceType !== 'CapabilityStatement') {
    const type =
      isFields(parsed) && typeof parsed.resourceType === 'string' ? parsed.resourceType.slice(0, 60) : 'none';
    throw notAStatement(endpoint, `Expected resource type CapabilityStatement, found ${type}.`);
  }
  const base = endpoint.replace(/\/+$/, '');
  const setAside: string[] = [];
  // Without a prototype a key such as __proto__ stays a key.
  const statement = Object.create(null) as Fields;
  for (const [key, value] of Object.entries(parsed)) {
    const reason = Object.hasOwn(volatileAtTop, key) ? volatileAtTop[key] : undefined;
    if (reason === undefined) statement[key] = value;
    else {
      statement[key] = `(set aside: ${reason})`;
      setAside.push(key);
    }
  }
  const software = isFields(statement.software) ? statement.software : undefined;
  const softwareVersion = typeof software?.version === 'string' ? software.version : undefined;
  if (software !== undefined) {
    const kept: Fields = { ...software };
    for (const key of ['version', 'releaseDate']) {
      if (!(key in kept)) continue;
      kept[key] = '(set aside: shown in the title)';
      setAside.push(`software.${key}`);
    }
    statement.software = kept;
  }
  // No list of a CapabilityStatement means anything by its order.
  const normalized = stableOrder(statement, (text) =>
    text === base || text.startsWith(`${base}/`) ? `{service}${text.slice(base.length)}` : text,
  );
  return {
    text: documentText(normalized),
    fhirVersion: typeof parsed.fhirVersion === 'string' ? parsed.fhirVersion : undefined,
    softwareVersion,
    setAside,
  };
}

/** FHIR version that a statement tells, for example `4.0.1`; undefined when the text is not a CapabilityStatement. */
export function fhirVersionOf(json: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return isFields(parsed) && typeof parsed.fhirVersion === 'string' ? parsed.fhirVersion : undefined;
  } catch {
    return undefined;
  }
}

/** Resource types that the service lists, sorted; none when the text is not a CapabilityStatement. */
export function resourceTypesOf(json: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(json);
    const [rest] = isFields(parsed) && Array.isArray(parsed.rest) ? (parsed.rest as unknown[]) : [];
    const resources = isFields(rest) && Array.isArray(rest.resource) ? (rest.resource as unknown[]) : [];
    const types = resources.flatMap((resource) =>
      isFields(resource) && typeof resource.type === 'string' && /^[A-Z][A-Za-z]{1,63}$/.test(resource.type)
        ? [resource.type]
        : [],
    );
    return [...new Set(types)].sort();
  } catch {
    // A service that answers something else simply offers no list; preflight tells what is wrong with it.
    return [];
  }
}

function notAStatement(endpoint: string, found: string, cause?: unknown): FailureError {
  return new FailureError(
    {
      kind: 'unexpectedAnswer',
      message: `The answer to GET /metadata is not a CapabilityStatement. ${found}`,
      service: endpoint,
      request: 'GET /metadata',
      nextStep: 'Check that the address is the base address of a FHIR service.',
    },
    { cause },
  );
}
