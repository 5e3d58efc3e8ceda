import { isObject, type JsonObject } from '../resourceText.ts';
import type { PathNode } from './fhirPath.ts';

/** A value that a path leads to, with its FHIR type where the path or the element's name tells it. */
export interface Item {
  readonly value: unknown;
  readonly type?: string | undefined;
}

const primitives = new Set(
  'Base64Binary Boolean Canonical Code Date DateTime Decimal Id Instant Integer Markdown Oid PositiveInt String Time UnsignedInt Uri Url Uuid'.split(
    ' ',
  ),
);
const complexes = new Set(
  'Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing Dosage Meta Expression UsageContext'.split(
    ' ',
  ),
);

/** The values that an expression selects from a resource. */
export function evaluate(node: PathNode, resource: JsonObject): readonly Item[] {
  return valuesOf(node, [{ value: resource }], resource);
}

/** The values that an expression selects from an item inside a resource. */
export function evaluateOn(node: PathNode, focus: Item, resource: JsonObject): readonly Item[] {
  return valuesOf(node, [focus], resource);
}

function valuesOf(node: PathNode, focus: readonly Item[], root: JsonObject): readonly Item[] {
  switch (node.kind) {
    case 'literal':
      return [{ value: node.value }];
    case 'this':
      return focus;
    case 'resource':
      return [{ value: root }];
    case 'name':
      return node.of === undefined ? firstName(node.name, focus) : members(valuesOf(node.of, focus, root), node.name);
    case 'index':
      return valuesOf(node.of, focus, root).slice(node.at, node.at + 1);
    case 'union':
      return node.parts.flatMap((part) => valuesOf(part, focus, root));
    case 'type': {
      const items = valuesOf(node.of, focus, root);
      if (node.operator === 'as') return items.filter((item) => isOfType(item, node.type, true));
      return truth(items.some((item) => isOfType(item, node.type, false)));
    }
    case 'compare':
      return truth(compares(node.operator, valuesOf(node.left, focus, root), valuesOf(node.right, focus, root)));
    case 'logic': {
      const left = holds(valuesOf(node.left, focus, root));
      if (node.operator === 'and') return truth(left && holds(valuesOf(node.right, focus, root)));
      return truth(left || holds(valuesOf(node.right, focus, root)));
    }
    case 'call':
      return call(node, node.of === undefined ? focus : valuesOf(node.of, focus, root), root);
  }
}

function call(node: PathNode & { kind: 'call' }, items: readonly Item[], root: JsonObject): readonly Item[] {
  const [argument] = node.args;
  const passes = (item: Item): boolean => argument === undefined || holds(valuesOf(argument, [item], root));
  switch (node.name) {
    case 'where':
      return items.filter(passes);
    case 'exists':
      return truth(items.some(passes));
    case 'empty':
      return truth(items.length === 0);
    case 'hasValue':
      return truth(items.length > 0);
    case 'not':
      return truth(!holds(items));
    case 'first':
      return items.slice(0, 1);
    case 'last':
      return items.slice(-1);
    case 'as':
    case 'ofType':
      return items.filter((item) => isOfType(item, nameOf(argument), true));
    case 'is':
      return truth(items.some((item) => isOfType(item, nameOf(argument), false)));
    case 'extension': {
      const [url] = argument === undefined ? [] : valuesOf(argument, items, root);
      return members(items, 'extension').filter(({ value }) => isObject(value) && value.url === url?.value);
    }
    case 'resolve':
      return items.flatMap((item) => resolved(item, root));
    default:
      return [];
  }
}

function truth(value: boolean): readonly Item[] {
  return [{ value }];
}

function holds(items: readonly Item[]): boolean {
  return items.length > 0 && items[0]?.value !== false;
}

function nameOf(node: PathNode | undefined): string {
  return node?.kind === 'name' ? node.name : '';
}

/** The first name of a path is the type of the resource or a member of it. */
function firstName(name: string, focus: readonly Item[]): readonly Item[] {
  if (!/^[A-Z]/.test(name)) return members(focus, name);
  return focus.filter(
    ({ value }) => isObject(value) && (value.resourceType === name || name === 'Resource' || name === 'DomainResource'),
  );
}

function members(items: readonly Item[], name: string): readonly Item[] {
  return items.flatMap(({ value }) => {
    if (!isObject(value)) return [];
    if (Object.hasOwn(value, name)) return spread(value[name], undefined);
    for (const key of Object.keys(value)) {
      if (!key.startsWith(name)) continue;
      const suffix = key.slice(name.length);
      if (complexes.has(suffix)) return spread(value[key], suffix);
      if (primitives.has(suffix)) return spread(value[key], suffix.charAt(0).toLowerCase() + suffix.slice(1));
    }
    return [];
  });
}

function spread(value: unknown, type: string | undefined): readonly Item[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map((one: unknown) => ({ value: one, type })) : [{ value, type }];
}

/** Where the type of an item is not known, `as` lets it pass and `is` does not. */
function isOfType(item: Item, type: string, unknownPasses: boolean): boolean {
  if (item.type !== undefined) return item.type === type;
  if (isObject(item.value) && typeof item.value.resourceType === 'string') return item.value.resourceType === type;
  return unknownPasses;
}

function resolved({ value }: Item, root: JsonObject): readonly Item[] {
  const reference = typeof value === 'string' ? value : isObject(value) ? value.reference : undefined;
  if (typeof reference !== 'string') return [];
  if (reference.startsWith('#')) {
    const contained = Array.isArray(root.contained) ? (root.contained as unknown[]) : [];
    return contained.filter((one) => isObject(one) && one.id === reference.slice(1)).map((one) => ({ value: one }));
  }
  const type = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[^/]+)?$/.exec(reference)?.[1];
  return type === undefined ? [] : [{ value: { resourceType: type }, type }];
}

function compares(operator: string, left: readonly Item[], right: readonly Item[]): boolean {
  const a = left[0]?.value;
  const b = right[0]?.value;
  if (a === undefined || b === undefined) return false;
  if (operator === '=') return a === b;
  if (operator === '!=') return a !== b;
  const order = orderOf(a, b);
  if (order === undefined) return false;
  switch (operator) {
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    default:
      return false;
  }
}

function orderOf(a: unknown, b: unknown): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return undefined;
}
