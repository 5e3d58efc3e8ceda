import * as l10n from '@vscode/l10n';
import {
  type Aspect,
  type AspectComparison,
  type ComparedEntry,
  entryKey,
  hasFailed,
  isDrift,
} from '../../compare/comparison.ts';
import { type SameOfMany, sameOfMany } from '../../compare/sameOfMany.ts';
import type { Failure } from '../../failure/failure.ts';
import { driftFilter } from './driftFilter.ts';
import type { ShownComparison } from './driftList.ts';
import { entryWords, notReadyWords } from './driftWords.ts';

/** One aspect of the comparison: configuration, capability statement and so on. */
export interface AspectNode {
  readonly kind: 'aspect';
  readonly id: string;
  readonly aspect: Aspect;
  readonly failure: Failure | undefined;
  readonly drift: number;
  /** What to know of how it was compared. */
  readonly notes: readonly string[];
  readonly children: readonly DriftTreeNode[];
}

/** What several entries have in common, such as a resource type. */
export interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly name: string;
  readonly drift: number;
  readonly children: readonly DriftTreeNode[];
}

export interface EntryNode {
  readonly kind: 'entry';
  readonly id: string;
  readonly aspect: Aspect;
  /** Key of the user's choice. */
  readonly key: string;
  readonly name: string;
  readonly entry: ComparedEntry;
  readonly excluded: boolean;
}

/** Whether searches on the target use every search parameter that they should. */
export interface GateNode {
  readonly kind: 'gate';
  readonly id: string;
  /** `unknown`: nobody has asked; `missing` and `different` ones of the source count as not ready. */
  readonly state: 'unknown' | 'ready' | 'notReady';
  readonly parameters: number;
  /** Why each of the others is not ready. */
  readonly notReady: readonly { readonly url: string; readonly why: string }[];
}

export type DriftTreeNode = AspectNode | GroupNode | EntryNode | GateNode;

export const driftChildren = (node: DriftTreeNode): readonly DriftTreeNode[] =>
  node.kind === 'entry' || node.kind === 'gate' ? [] : node.children;

/** The tree of a comparison; what both services have alike is left out, and what the filter does not fit. */
export function driftNodes(shown: ShownComparison): readonly AspectNode[] {
  const fits = driftFilter(shown.filter);
  return shown.comparison.aspects.flatMap((result): readonly AspectNode[] => {
    const { aspect } = result;
    if (hasFailed(result))
      return [
        { kind: 'aspect', id: `aspect:${aspect}`, aspect, failure: result.failure, drift: 0, notes: [], children: [] },
      ];
    const entries = entriesOf(result, shown.excluded).filter(({ entry }) =>
      fits([...entry.path, entryWords(entry)].join(' ')),
    );
    if (entries.length === 0 && shown.filter !== '') return [];
    return [
      {
        kind: 'aspect',
        id: `aspect:${aspect}`,
        aspect,
        failure: undefined,
        drift: drifting(entries),
        notes: result.notes ?? [],
        children: [
          ...(aspect === 'searchParameters' && shown.filter === '' ? gateOf(result, shown) : []),
          ...grouped(aspect, entries),
        ],
      },
    ];
  });
}

/** Keys of the entries at and below nodes, for a choice that is made of many at once. */
export function keysBelow(nodes: readonly DriftTreeNode[]): readonly string[] {
  return [...new Set(nodes.flatMap((node) => (node.kind === 'entry' ? [node.key] : keysBelow(driftChildren(node)))))];
}

/** What was compared at and below nodes. */
export function entriesBelow(nodes: readonly DriftTreeNode[]): readonly ComparedEntry[] {
  return nodes.flatMap((node) => (node.kind === 'entry' ? [node.entry] : entriesBelow(driftChildren(node))));
}

function gateOf({ aspect, entries }: AspectComparison, { readiness, excluded }: ShownComparison): readonly GateNode[] {
  const wanted = entries.filter((entry) => entry.source !== undefined && !excluded.has(entryKey(aspect, entry)));
  const parameters = new Set([...wanted.map(({ path }) => path[0]), ...(readiness ?? []).map(({ url }) => url)]).size;
  if (parameters === 0) return [];
  const tried = (readiness ?? [])
    .filter(({ ready }) => !ready)
    .map((one) => ({ url: one.url, why: notReadyWords(one) }));
  const lacking = wanted
    .filter((entry) => isDrift(entry) && !tried.some(({ url }) => url === entry.path[0]))
    .map((entry) => ({ url: entry.path[0] ?? '', why: entryWords(entry) }));
  const notReady = [...lacking, ...tried];
  const state = readiness === undefined ? 'unknown' : notReady.length === 0 ? 'ready' : 'notReady';
  return [{ kind: 'gate', id: 'gate:searchParameters', state, parameters, notReady }];
}

function entriesOf({ aspect, entries }: AspectComparison, excluded: ReadonlySet<string>): readonly EntryNode[] {
  return entries
    .filter(({ state }) => state !== 'copied')
    .map((entry) => {
      const key = entryKey(aspect, entry);
      const name = (entry.path.length > 1 ? entry.path.slice(1) : entry.path).map(shortName).join(' › ');
      return { kind: 'entry', id: `entry:${key}`, aspect, key, name, entry, excluded: excluded.has(key) };
    });
}

/** Canonical URLs of one publisher differ only at their ends. */
const shortName = (part: string): string => /^(?:https?:\/\/|urn:).*[/:]([^/:]+)$/.exec(part)?.[1] ?? part;

const drifting = (entries: readonly EntryNode[]): number =>
  entries.filter(({ entry, excluded }) => isDrift(entry) && !excluded).length;

function grouped(aspect: Aspect, all: readonly EntryNode[]): readonly DriftTreeNode[] {
  const { together: same, alone: entries } = sameOfMany(all, ({ entry }) => entry);
  const groups = new Map<string, EntryNode[]>();
  const alone: EntryNode[] = [];
  for (const node of entries) {
    const [first = ''] = node.entry.path;
    if (node.entry.path.length < 2) alone.push(node);
    else groups.set(first, [...(groups.get(first) ?? []), node]);
  }
  const together = [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, children]): GroupNode => ({
      kind: 'group',
      id: `group:${aspect}/${name}`,
      name,
      drift: drifting(children),
      children,
    }));
  return [...alone, ...same.map((one) => ofManyTypes(aspect, one)), ...together];
}

/** One cause for many types: its rows are named by their types. */
function ofManyTypes(aspect: Aspect, { what, items }: SameOfMany<EntryNode>): GroupNode {
  const name = what.map(shortName).join(' › ');
  return {
    kind: 'group',
    id: `group:${aspect}/*/${what.join('/')}/${items[0]?.entry.state ?? ''}`,
    name: l10n.t('{0} types › {1}', items.length, name),
    drift: drifting(items),
    children: items.map((node) => ({ ...node, name: node.entry.path[0] ?? node.name })),
  };
}
