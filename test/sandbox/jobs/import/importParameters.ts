import { badRequest } from '../../fhir/outcome.ts';
import { isObject, type JsonObject } from '../../fhir/resourceText.ts';

/** Named values of a Parameters resource or of the parts of one of its parameters. */
export class ImportParameters {
  readonly #parameters: readonly JsonObject[];

  constructor(parameters: unknown) {
    this.#parameters = Array.isArray(parameters) ? parameters.filter(isObject) : [];
  }

  /** The value of the first parameter of that name in text form, whatever its `value[x]` is; undefined when empty. */
  text(name: string): string | undefined {
    const found = this.#parameters.find((parameter) => parameter.name === name) ?? {};
    for (const [key, value] of Object.entries(found)) {
      if (!key.startsWith('value')) continue;
      if (typeof value === 'string' && value !== '') return value;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    }
    return undefined;
  }

  flag(name: string): boolean {
    return this.text(name)?.toLowerCase() === 'true';
  }

  /** The parts of every parameter of that name. */
  parts(name: string): readonly ImportParameters[] {
    return this.#parameters
      .filter((parameter) => parameter.name === name)
      .map((parameter) => new ImportParameters(parameter.part));
  }
}

/** @throws FhirError 400 unless the text is a Parameters resource */
export function readParameters(text: string): ImportParameters {
  const body = parse(text);
  if (!isObject(body) || body.resourceType !== 'Parameters') {
    throw badRequest(
      'Import request must be specified as a Paramters. The Parameters provided in the request body is invalid.',
    );
  }
  return new ImportParameters(body.parameter);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
