import { isJsonObject, type Json, type JsonObject } from '../http.ts';
import { ArmError } from './armError.ts';

/** What expressions of a template can ask for. */
export interface TemplateScope {
  readonly parameters: JsonObject;
  readonly variables: JsonObject;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resourceGroup: string;
  readonly location: string;
}

const invalid = (what: string): ArmError =>
  new ArmError(400, {
    code: 'InvalidTemplate',
    message: `Deployment template validation failed: '${what}'.`,
  });

/** A value with all expressions in it evaluated. Throws ArmError 400. */
export function evaluated(value: Json, scope: TemplateScope): Json {
  if (typeof value === 'string') return text(value, scope);
  if (Array.isArray(value)) return value.map((item) => evaluated(item, scope));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluated(item, scope)]));
}

function text(value: string, scope: TemplateScope): Json {
  if (value.startsWith('[[')) return value.slice(1);
  if (!value.startsWith('[') || !value.endsWith(']')) return value;
  const reader = { text: value.slice(1, -1), at: 0 };
  const result = expression(reader, scope);
  if (reader.text.slice(reader.at).trim() !== '') throw invalid(`The expression '${value}' is not valid`);
  return result;
}

interface Reader {
  readonly text: string;
  at: number;
}

function take(reader: Reader, pattern: RegExp): string | undefined {
  const found = new RegExp(`\\s*(?:${pattern.source})`, 'y');
  found.lastIndex = reader.at;
  const match = found.exec(reader.text);
  if (match === null) return undefined;
  reader.at += match[0].length;
  return match[0].trim();
}

function expression(reader: Reader, scope: TemplateScope): Json {
  const literal = take(reader, /'(?:[^']|'')*'/);
  if (literal !== undefined) return literal.slice(1, -1).replaceAll("''", "'");
  const number = take(reader, /-?\d+/);
  if (number !== undefined) return Number(number);
  const name = take(reader, /[A-Za-z]\w*/);
  if (name === undefined || take(reader, /\(/) === undefined) throw invalid(`Unexpected token in '${reader.text}'`);
  const given: Json[] = [];
  while (take(reader, /\)/) === undefined) {
    given.push(expression(reader, scope));
    take(reader, /,/);
    if (reader.at >= reader.text.length) throw invalid(`Unexpected end of '${reader.text}'`);
  }
  let value = call(name, given, scope);
  for (;;) {
    const member = take(reader, /\.\w+/)?.slice(1);
    if (member === undefined) return value;
    value = isJsonObject(value) ? (value[member] ?? null) : null;
  }
}

function call(name: string, given: readonly Json[], scope: TemplateScope): Json {
  const words = given.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  const [first = ''] = words;
  switch (name.toLowerCase()) {
    case 'parameters':
      if (scope.parameters[first] === undefined) throw invalid(`The template parameter '${first}' is not found`);
      return scope.parameters[first];
    case 'variables':
      return scope.variables[first] ?? null;
    case 'format':
      return first.replace(/\{\{|\}\}|\{(\d+)\}/g, (all, index: string | undefined) =>
        index === undefined ? all.charAt(0) : (words[Number(index) + 1] ?? ''),
      );
    case 'tolower':
      return first.toLowerCase();
    case 'concat':
      return words.join('');
    case 'resourcegroup':
      return { name: scope.resourceGroup, location: scope.location };
    case 'subscription':
      return { subscriptionId: scope.subscriptionId, tenantId: scope.tenantId };
    case 'json':
      return JSON.parse(first) as Json;
    case 'resourceid': {
      const [namespace = '', ...types] = first.split('/');
      const path = types.map((type, index) => `/${type}/${words[index + 1] ?? ''}`).join('');
      return `/subscriptions/${scope.subscriptionId}/resourceGroups/${scope.resourceGroup}/providers/${namespace}${path}`;
    }
    default:
      throw invalid(`The template function '${name}' is not valid`);
  }
}
