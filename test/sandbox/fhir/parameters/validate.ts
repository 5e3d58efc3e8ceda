import { badRequest, FhirError, fhirError, type Issue } from '../outcome.ts';
import type { ParsedResource } from '../resourceText.ts';
import { resourceTypes } from '../resourceTypes.ts';
import { pathOf } from '../search/criteria.ts';
import { PathError } from '../search/fhirPath.ts';
import { definitionOf, type ParameterDefinition } from './definitions.ts';
import { typesOf, UnknownElementError } from './elements.ts';
import type { ParameterRegistry, RegisteredParameter } from './registry.ts';
import { expressionsFit } from './expressions.ts';

/** Longest url of a search parameter. Source: microsoft/fhir-server, SearchParameterValidator. */
const longestUrl = 128;

const parameterTypes = ['number', 'date', 'string', 'token', 'reference', 'composite', 'quantity', 'uri', 'special'];

/** Element types that a search of that type can index. */
const indexable: Readonly<Record<string, readonly string[]>> = {
  token: 'code Coding CodeableConcept Identifier ContactPoint boolean string id uri oid canonical'.split(' '),
  string: 'string HumanName Address markdown code id uri CodeableConcept Coding Identifier ContactPoint'.split(' '),
  reference: 'Reference canonical uri url oid uuid'.split(' '),
  date: 'date dateTime instant Period Timing'.split(' '),
  number: 'integer decimal positiveInt unsignedInt Range'.split(' '),
  quantity: 'Quantity SimpleQuantity Money Age Duration Count Distance Range'.split(' '),
  uri: 'uri url canonical oid uuid string'.split(' '),
};

/**
 * Checks a SearchParameter that is about to be written.
 * @param urlElsewhere true when another stored parameter, under another id, has that url
 * @throws FhirError 400 with every failure found, 405 for a url of the specification
 */
export function validateParameter(
  resource: ParsedResource,
  method: 'POST' | 'PUT',
  registry: ParameterRegistry,
  urlElsewhere: (url: string) => boolean,
): ParameterDefinition {
  checkForm(resource);
  const definition = definitionOf(resource.content, false);
  const { url } = definition;
  if (url === '') throw badRequest('The search parameter defintion is missing the Uri.');
  if (url.length > longestUrl) {
    throw badRequest(`Search Parameter URL ${url} exceeds the maximum length limit of ${longestUrl}`);
  }
  if (!URL.canParse(url)) throw badRequest(`SearchParameter[${url}].url is invalid.`);
  const existing = registry.byUrl(url);
  if (existing?.definition.builtIn === true && method === 'PUT') throw systemDefined(url);
  const active = existing !== undefined && existing.state !== 'PendingDelete' && existing.state !== 'Deleted';
  if ((active && method === 'POST') || urlElsewhere(url)) {
    throw badRequest(`A search parameter with the same definition URL '${url}' already exists.`);
  }
  checkCodes(definition, registry);
  checkIndexable(definition, registry);
  return definition;
}

/** 405 of a parameter that the specification defines. */
export function systemDefined(url: string): FhirError {
  const text = `The search parameter with Uri '${url}' is defined by the FHIR specification and cannot be updated or deleted. Custom search parameters must use a different URL.`;
  return fhirError(405, 'forbidden', text);
}

/** What the services' parser refuses before any rule of search parameters is looked at. */
function checkForm({ content }: ParsedResource): void {
  const { base, type, code } = content;
  if (!Array.isArray(base) || base.length === 0) {
    throw badRequest("Element 'base' with minimum cardinality is 1 cannot be empty. At SearchParameter.base.");
  }
  const wrong = (base as unknown[]).find(
    (one) => typeof one !== 'string' || (!resourceTypes.has(one) && one !== 'Resource' && one !== 'DomainResource'),
  );
  if (wrong !== undefined) {
    throw badRequest(`Literal '${spelled(wrong)}' is not a valid value for enumeration 'ResourceType'`);
  }
  if (type === undefined) {
    throw badRequest('Element with minimum cardinality 1 cannot be null. At SearchParameter.type.');
  }
  if (typeof type !== 'string' || !parameterTypes.includes(type)) {
    throw badRequest(`Literal '${spelled(type)}' is not a valid value for enumeration 'SearchParamType'`);
  }
  if (typeof code !== 'string' || code === '') throw badRequest('Code value cannot be null or empty');
}

function spelled(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function checkCodes(definition: ParameterDefinition, registry: ParameterRegistry): void {
  for (const base of definition.base) {
    const general = base === 'Resource' || base === 'DomainResource';
    const types = general ? [...resourceTypes] : [base];
    const conflicting = types.some((type) =>
      registry
        .ofCode(type, definition.code)
        .filter((other) => other.definition.url !== definition.url && other.state !== 'PendingDelete')
        .some((other) => conflicts(definition, other)),
    );
    if (conflicting) {
      const text = `A search parameter with the same code value '${definition.code}' already exists for base type '${base}'.`;
      throw badRequest(text);
    }
  }
}

function conflicts(incoming: ParameterDefinition, { definition: existing }: RegisteredParameter): boolean {
  if (incoming.type !== existing.type) return true;
  if (!expressionsFit(incoming.expression, existing.expression)) return true;
  const parts = (definition: ParameterDefinition): string => JSON.stringify(definition.components);
  return incoming.type === 'composite' && parts(incoming) !== parts(existing);
}

function checkIndexable(definition: ParameterDefinition, registry: ParameterRegistry): void {
  const { type, expression = '' } = definition;
  const capitalized = type.charAt(0).toUpperCase() + type.slice(1);
  const unsupported = `The provided search parameter type ${capitalized} is not supported for the given expression ${expression}.`;
  if (expression === '' || type === 'special') throw refused('not-supported', unsupported);
  let supported: boolean;
  try {
    const node = pathOf(expression);
    supported = definition.base.some((base) => {
      const found = type === 'composite' ? undefined : typesOf(node, base);
      return found === undefined || [...found].some((one) => indexable[type]?.includes(one) === true);
    });
    for (const { expression: part } of definition.components) pathOf(part);
  } catch (error) {
    if (error instanceof UnknownElementError) throw refused('invalid', error.message);
    if (!(error instanceof PathError)) throw error;
    throw refused('invalid', 'The search parameter definition contains one or more invalid entries.');
  }
  const parts = definition.components.map((component) => registry.byUrl(component.definition));
  const composed = type !== 'composite' || (parts.length > 0 && !parts.includes(undefined));
  if (!supported || !composed) throw refused('not-supported', unsupported);
}

function refused(code: Issue['code'], diagnostics: string): FhirError {
  const created =
    'An error occurred creating the custom search parameter.  The issue must be resolved and the parameter resubmitted to become functional.';
  return new FhirError(400, [
    { severity: 'error', code, diagnostics },
    { severity: 'error', code: 'exception', diagnostics: created },
  ]);
}
