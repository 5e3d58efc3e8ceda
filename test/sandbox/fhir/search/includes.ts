import type { StoredVersion } from '../../contract.ts';
import type { ParameterDefinition } from '../parameters/definitions.ts';
import type { ParameterRegistry } from '../parameters/registry.ts';
import { isObject, parsed } from '../resourceText.ts';
import type { TimeOrderedStore } from '../store.ts';
import { pathOf } from './criteria.ts';
import { evaluate } from './evaluate.ts';

/** What a search wants along with its matches: resources that they refer to, or resources that refer to them. */
export interface Include {
  readonly reverse: boolean;
  /** Type that holds the reference. */
  readonly type: string;
  readonly definition: ParameterDefinition;
  /** Only references to this type. */
  readonly target: string | undefined;
}

/** Reads `Type:parameter[:target]`; undefined for what no reference parameter of that type is. */
export function includeOf(
  value: string,
  reverse: boolean,
  { registry, partial }: { readonly registry: ParameterRegistry; readonly partial: boolean },
): Include | undefined {
  const [type = '', code = '', target] = value.split(':');
  const definition = registry.searchable(type, code, partial);
  return definition?.type === 'reference' ? { reverse, type, definition, target } : undefined;
}

/** Resources that come along, each once and none that was found itself. */
export function included(
  includes: readonly Include[],
  found: readonly StoredVersion[],
  store: TimeOrderedStore,
): readonly StoredVersion[] {
  const nameOf = ({ type, id }: StoredVersion): string => `${type}/${id}`;
  const own = new Set(found.map(nameOf));
  const all = new Map<string, StoredVersion>();
  const add = (version: StoredVersion | undefined): void => {
    if (version?.deleted === false && !own.has(nameOf(version))) all.set(nameOf(version), version);
  };
  for (const include of includes) {
    if (include.reverse) {
      for (const version of store.currents(include.type))
        if (!version.deleted && referencesOf(include, version).some((name) => own.has(name))) add(version);
      continue;
    }
    for (const version of found)
      if (version.type === include.type)
        for (const name of referencesOf(include, version)) {
          const [type = '', id = ''] = name.split('/');
          add(store.current(type, id));
        }
  }
  return [...all.values()];
}

/** Names `Type/id` that a resource refers to through one parameter. */
function referencesOf({ definition, target }: Include, version: StoredVersion): readonly string[] {
  if (definition.expression === undefined) return [];
  return evaluate(pathOf(definition.expression), parsed(version)).flatMap(({ value }) => {
    const reference = isObject(value) ? value.reference : value;
    const name =
      typeof reference === 'string' ? /([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})$/.exec(reference)?.[1] : undefined;
    return name === undefined || (target !== undefined && !name.startsWith(`${target}/`)) ? [] : [name];
  });
}
