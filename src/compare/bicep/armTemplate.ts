import { type BicepNames, type BicepValue, readValue, TokenReader } from './bicepExpressions.ts';
import { BicepError, bicepTokens } from './bicepTokens.ts';

/** A template as Azure Resource Manager deploys it. */
export interface ArmTemplate {
  readonly $schema: string;
  readonly contentVersion: string;
  readonly parameters: Readonly<Record<string, { readonly type: string; readonly defaultValue?: unknown }>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly resources: readonly TemplateResource[];
}

export interface TemplateResource {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly dependsOn?: readonly string[];
  readonly [key: string]: unknown;
}

interface Declared {
  readonly symbol: string;
  readonly type: string;
  readonly apiVersion: string;
  readonly existing: boolean;
  readonly body: ReadonlyMap<string, BicepValue>;
  readonly line: number;
}

const types: Readonly<Record<string, string>> = {
  string: 'string',
  int: 'int',
  bool: 'bool',
  object: 'object',
  array: 'array',
};

/**
 * The template of a Bicep file, for the part of the language that a file for a target needs: parameters, variables,
 * resources with a parent, values, calls and texts with `${…}`. @throws BicepError for the line that it does not understand
 */
export function armTemplate(source: string): ArmTemplate {
  const reader = new TokenReader(bicepTokens(source));
  const names = { parameters: new Set<string>(), variables: new Set<string>(), resources: new Set<string>() };
  const parameters: Record<string, { type: string; defaultValue?: unknown }> = {};
  const variables: Record<string, unknown> = {};
  const declared = new Map<string, Declared>();
  for (;;) {
    reader.skipLines();
    const { line, kind } = reader.now;
    if (kind === 'end') break;
    if (reader.skip('@')) skipDecorator(reader);
    else if (reader.skip('targetScope')) skipScope(reader);
    else if (reader.skip('output')) skipOutput(reader);
    else if (reader.skip('param')) {
      const name = fresh(reader.word(), names, line);
      const type = types[reader.word()];
      if (type === undefined) throw new BicepError(line, `The type of the parameter ${name}`);
      const value = reader.skip('=') ? readValue(reader, names) : undefined;
      parameters[name] = { type, ...(value === undefined ? {} : { defaultValue: jsonOf(value, line) }) };
      names.parameters.add(name);
    } else if (reader.skip('var')) {
      const name = fresh(reader.word(), names, line);
      reader.expect('=');
      variables[name] = jsonOf(readValue(reader, names), line);
      names.variables.add(name);
    } else if (reader.skip('resource')) {
      const resource = readResource(reader, names, line);
      names.resources.add(fresh(resource.symbol, names, line));
      declared.set(resource.symbol, resource);
    } else throw new BicepError(line, `'${reader.now.text}'`);
    if (reader.now.kind !== 'newline' && reader.now.kind !== 'end') throw new BicepError(line, `'${reader.now.text}'`);
  }
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters,
    variables,
    resources: [...declared.values()].filter(({ existing }) => !existing).map((one) => emitted(one, declared)),
  };
}

function fresh(name: string, names: BicepNames, line: number): string {
  if (names.parameters.has(name) || names.variables.has(name) || names.resources.has(name))
    throw new BicepError(line, `The name ${name} for the second time`);
  return name;
}

/** Decorators describe and limit; the values that are deployed do not depend on them. */
function skipDecorator(reader: TokenReader): void {
  reader.word();
  reader.expect('(');
  for (let depth = 1; depth > 0;) {
    const token = reader.take();
    if (token.kind === 'end') throw new BicepError(token.line, 'An open parenthesis');
    if (token.kind === 'symbol' && token.text === '(') depth += 1;
    if (token.kind === 'symbol' && token.text === ')') depth -= 1;
  }
}

function skipScope(reader: TokenReader): void {
  const { line } = reader.now;
  reader.expect('=');
  if (reader.plainText() !== 'resourceGroup') throw new BicepError(line, 'A scope other than a resource group');
}

/** Outputs are for people who use the file elsewhere. */
function skipOutput(reader: TokenReader): void {
  while (reader.now.kind !== 'newline' && reader.now.kind !== 'end') reader.take();
}

function readResource(reader: TokenReader, names: BicepNames, line: number): Declared {
  const symbol = reader.word();
  const [type = '', apiVersion, more] = reader.plainText().split('@');
  if (apiVersion === undefined || more !== undefined || !type.includes('/'))
    throw new BicepError(line, 'A resource without type and version');
  const existing = reader.skip('existing');
  reader.expect('=');
  if (reader.is('if') || reader.is('[')) throw new BicepError(line, 'A condition or a loop');
  const body = readValue(reader, names);
  if (body.kind !== 'object') throw new BicepError(line, 'A resource without a body');
  return { symbol, type, apiVersion, existing, body: new Map(body.entries), line };
}

function emitted(resource: Declared, all: ReadonlyMap<string, Declared>): TemplateResource {
  const { body, type, apiVersion, line } = resource;
  if (body.has('scope')) throw new BicepError(line, 'A scope');
  const needed = [parentOf(resource, all), ...listed(resource, all)].flatMap((one) =>
    one === undefined || one.existing ? [] : [`[${idOf(one, all)}]`],
  );
  const rest = [...body].filter(([key]) => key !== 'name' && key !== 'parent' && key !== 'dependsOn');
  return {
    type,
    apiVersion,
    name: nameOf(resource, all),
    ...Object.fromEntries(rest.map(([key, value]) => [key, jsonOf(value, line)])),
    ...(needed.length === 0 ? {} : { dependsOn: [...new Set(needed)] }),
  };
}

function parentOf({ body, line, type }: Declared, all: ReadonlyMap<string, Declared>): Declared | undefined {
  const parent = body.get('parent');
  if (parent === undefined) {
    if (type.split('/').length > 2) throw new BicepError(line, 'A nested resource without a parent');
    return undefined;
  }
  const found = parent.kind === 'resource' ? all.get(parent.symbol) : undefined;
  if (found === undefined) throw new BicepError(line, 'A parent that is not a resource of this file');
  return found;
}

function listed({ body, line }: Declared, all: ReadonlyMap<string, Declared>): readonly Declared[] {
  const list = body.get('dependsOn');
  if (list === undefined) return [];
  if (list.kind !== 'array') throw new BicepError(line, 'dependsOn that is not a list');
  return list.items.map((item) => {
    const found = item.kind === 'resource' ? all.get(item.symbol) : undefined;
    if (found === undefined) throw new BicepError(line, 'dependsOn with something else than resources of this file');
    return found;
  });
}

/** Names of a resource and those above it, as expressions. */
function namesOf(resource: Declared, all: ReadonlyMap<string, Declared>): readonly string[] {
  const name = resource.body.get('name');
  const parent = parentOf(resource, all);
  const above = parent === undefined ? [] : namesOf(parent, all);
  if (name?.kind === 'expression') return [...above, name.text];
  if (name?.kind !== 'literal' || typeof name.value !== 'string')
    throw new BicepError(resource.line, 'A resource without a name');
  return [...above, `'${name.value.replaceAll("'", "''")}'`];
}

function nameOf(resource: Declared, all: ReadonlyMap<string, Declared>): string {
  const name = resource.body.get('name');
  const names = namesOf(resource, all);
  const [only = ''] = names;
  if (names.length === 1) return name?.kind === 'literal' && typeof name.value === 'string' ? name.value : `[${only}]`;
  return `[format('${names.map((_, index) => `{${index}}`).join('/')}', ${names.join(', ')})]`;
}

const idOf = (resource: Declared, all: ReadonlyMap<string, Declared>): string =>
  `resourceId('${resource.type}', ${namesOf(resource, all).join(', ')})`;

/** A value as the template's JSON writes it: expressions in brackets, and texts that begin with one escaped. */
function jsonOf(value: BicepValue, line: number): unknown {
  switch (value.kind) {
    case 'literal':
      return typeof value.value === 'string' && value.value.startsWith('[') ? `[${value.value}` : value.value;
    case 'expression':
      return `[${value.text}]`;
    case 'array':
      return value.items.map((item) => jsonOf(item, line));
    case 'object':
      return Object.fromEntries(value.entries.map(([key, item]) => [key, jsonOf(item, line)]));
    case 'resource':
      throw new BicepError(line, `The resource ${value.symbol} as a value`);
  }
}
