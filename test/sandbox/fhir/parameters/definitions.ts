import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isObject, type JsonObject } from '../resourceText.ts';

/** Part of a composite parameter. */
export interface ParameterComponent {
  readonly definition: string;
  readonly expression: string;
}

/** What a service knows of a search parameter. */
export interface ParameterDefinition {
  readonly url: string;
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly base: readonly string[];
  readonly target: readonly string[];
  readonly expression: string | undefined;
  readonly components: readonly ParameterComponent[];
  readonly description: string | undefined;
  /** Defined by the specification or by the service, not by its users. */
  readonly builtIn: boolean;
}

/** Reads a SearchParameter resource; what is absent or of another form becomes empty. */
export function definitionOf(resource: JsonObject, builtIn: boolean): ParameterDefinition {
  const components = Array.isArray(resource.component) ? (resource.component as unknown[]).filter(isObject) : [];
  return {
    url: text(resource.url) ?? '',
    code: text(resource.code) ?? '',
    name: text(resource.name) ?? '',
    type: text(resource.type) ?? '',
    base: texts(resource.base),
    target: texts(resource.target),
    expression: text(resource.expression),
    components: components.map((component) => ({
      definition: text(component.definition) ?? '',
      expression: text(component.expression) ?? '',
    })),
    description: text(resource.description),
    builtIn,
  };
}

const examples = path.dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));

/** Folder of the package with the resources that HL7 publishes. */
export function examplesFolder(): string {
  return examples;
}

/** Parameter that Microsoft's services add to those of the specification. */
const expiryDate: ParameterDefinition = {
  url: 'https://azurehealthcareapis.com/data-extensions/expiry-date',
  code: '_expiryDate',
  name: '_expiryDate',
  type: 'date',
  base: ['Resource'],
  target: [],
  expression: "Resource.meta.extension.where(url='https://azurehealthcareapis.com/data-extensions/expiry-date').value",
  components: [],
  description: 'Search on the expiry date of the resource',
  builtIn: true,
};

/** `_type` is defined in the specification without a SearchParameter resource. */
const resourceType: ParameterDefinition = {
  ...expiryDate,
  url: 'http://hl7.org/fhir/SearchParameter/type',
  code: '_type',
  name: '_type',
  type: 'token',
  expression: 'Resource.type().name',
  description: undefined,
};

let cache: readonly ParameterDefinition[] | undefined;

/** The 1,375 parameters of FHIR R4 as HL7 publishes them, and those that the services add. Read once. */
export function builtInParameters(): readonly ParameterDefinition[] {
  if (cache !== undefined) return cache;
  const bundle = JSON.parse(readFileSync(path.join(examples, 'Bundle-searchParams.json'), 'utf8')) as {
    entry: readonly { resource: JsonObject }[];
  };
  cache = [...bundle.entry.map(({ resource }) => definitionOf(resource, true)), expiryDate, resourceType];
  return cache;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as unknown[]).filter((one) => typeof one === 'string') : [];
}
