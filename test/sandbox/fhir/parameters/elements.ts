import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PathNode } from '../search/fhirPath.ts';
import { examplesFolder } from './definitions.ts';

/** An element inside a type: where its children are defined. */
interface Place {
  /** Name of a type, or path of an element with children of its own, for example `Encounter.diagnosis`. */
  readonly within: string;
}

interface ElementDefinition {
  readonly path: string;
  readonly contentReference?: string;
  readonly type?: readonly { readonly code: string }[];
}

/** Leads to an element that the type does not have. */
export class UnknownElementError extends Error {}

const cache = new Map<string, ReadonlyMap<string, ElementDefinition> | undefined>();

/** Elements of a type by path, from the StructureDefinition that HL7 publishes; undefined for an unknown type. */
function elementsOf(type: string): ReadonlyMap<string, ElementDefinition> | undefined {
  if (cache.has(type)) return cache.get(type);
  const file = path.join(examplesFolder(), `StructureDefinition-${type}.json`);
  let elements: ReadonlyMap<string, ElementDefinition> | undefined;
  if (existsSync(file)) {
    const definition = JSON.parse(readFileSync(file, 'utf8')) as {
      snapshot?: { element: readonly ElementDefinition[] };
    };
    elements = new Map(definition.snapshot?.element.map((element) => [element.path, element]));
  }
  cache.set(type, elements);
  return elements;
}

/**
 * The FHIR types of the values that an expression selects on a base type; undefined where they cannot be told.
 * @throws UnknownElementError
 */
export function typesOf(node: PathNode, base: string): ReadonlySet<string> | undefined {
  const places = follow(node, base, node);
  return places && new Set(places.map(({ within }) => within));
}

function follow(node: PathNode, base: string, whole: PathNode): readonly Place[] | undefined {
  switch (node.kind) {
    case 'name': {
      if (node.of === undefined) return firstPlace(node.name, base);
      const parents = follow(node.of, base, whole);
      if (parents === undefined || parents.length === 0) return parents;
      const found = parents.flatMap((parent) => children(parent, node.name) ?? []);
      if (found.length > 0) return found;
      if (parents.some((parent) => children(parent, node.name) === undefined)) return undefined;
      throw new UnknownElementError(`Can't find '${spelled(node)}' in type '${base}'`);
    }
    case 'index':
      return follow(node.of, base, whole);
    case 'type':
      return node.operator === 'as' ? [{ within: node.type }] : [{ within: 'boolean' }];
    case 'union': {
      const parts = node.parts.map((part) => follow(part, base, whole));
      return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? []);
    }
    case 'compare':
    case 'logic':
      return [{ within: 'boolean' }];
    case 'call':
      return afterCall(node, base, whole);
    default:
      return undefined;
  }
}

function afterCall(node: PathNode & { kind: 'call' }, base: string, whole: PathNode): readonly Place[] | undefined {
  const parents = node.of === undefined ? firstPlace(base, base) : follow(node.of, base, whole);
  const [argument] = node.args;
  switch (node.name) {
    case 'where':
    case 'first':
    case 'last':
      return parents;
    case 'as':
    case 'ofType':
      return argument?.kind === 'name' ? [{ within: argument.name }] : undefined;
    case 'exists':
    case 'empty':
    case 'not':
    case 'is':
    case 'hasValue':
      return [{ within: 'boolean' }];
    case 'extension':
      return [{ within: 'Extension' }];
    default:
      return undefined;
  }
}

function firstPlace(name: string, base: string): readonly Place[] {
  if (name === base || name === 'Resource' || name === 'DomainResource') return [{ within: base }];
  return /^[A-Z]/.test(name) ? [] : (children({ within: base }, name) ?? []);
}

/** Undefined where the children of the place are not known. */
function children({ within }: Place, name: string): readonly Place[] | undefined {
  const [type = ''] = within.split('.');
  const elements = elementsOf(type);
  if (elements === undefined) return undefined;
  const element = elements.get(`${within}.${name}`) ?? elements.get(`${within}.${name}[x]`);
  if (element === undefined) return [];
  if (element.contentReference !== undefined) return [{ within: element.contentReference.slice(1) }];
  return (element.type ?? []).map(({ code }) => ({
    within: code === 'BackboneElement' || code === 'Element' ? element.path : code,
  }));
}

function spelled(node: PathNode): string {
  if (node.kind === 'name') return node.of === undefined ? node.name : `${spelled(node.of)}.${node.name}`;
  return 'of' in node && node.of !== undefined ? spelled(node.of) : '';
}
