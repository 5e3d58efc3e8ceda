import type { FoundDifference, OpenRange } from '../../services/verify/verification.ts';
import {
  differenceClasses,
  type DifferenceClass,
  type DifferenceReason,
  isImportable,
} from '../../verify/differences.ts';
import type { ShownVerification } from './shownVerification.ts';

/** One of the five classes; equal resources are only counted. */
export interface ClassNode {
  readonly kind: 'class';
  readonly id: string;
  readonly class: DifferenceClass | 'equal';
  readonly count: number;
  readonly accepted: number;
  readonly canImport: boolean;
  readonly children: readonly DifferenceNode[];
}

/** Differences of one type that have the same reason. */
export interface ReasonNode {
  readonly kind: 'reason';
  readonly id: string;
  readonly class: DifferenceClass;
  readonly type: string;
  readonly reason: DifferenceReason;
  readonly count: number;
  readonly accepted: number;
  readonly canImport: boolean;
  readonly children: readonly DifferenceNode[];
}

export interface ResourceNode {
  readonly kind: 'resource';
  readonly id: string;
  readonly difference: FoundDifference;
  readonly canImport: boolean;
}

/** What a list leaves out, because nobody reads that many rows. */
export interface MoreNode {
  readonly kind: 'more';
  readonly id: string;
  readonly differences: readonly FoundDifference[];
}

/** A range whose counts differ and that was not narrowed to its resources. */
export interface RangeNode {
  readonly kind: 'range';
  readonly id: string;
  readonly range: OpenRange;
}

export type DifferenceNode = ClassNode | ReasonNode | ResourceNode | MoreNode | RangeNode;

/** Resources of one list that are shown one by one; the others are acted on all the same. */
const rowsShown = 500;

export const differenceChildren = (node: DifferenceNode): readonly DifferenceNode[] =>
  node.kind === 'class' || node.kind === 'reason' ? node.children : [];

/** The tree of a verification: five classes, in them types and reasons, in them resources. */
export function differenceNodes({ request, result }: ShownVerification): readonly DifferenceNode[] {
  const canImport = request.migration !== undefined && result.depth !== 'ledger';
  const classes = differenceClasses.map((name): ClassNode => {
    const all = result.differences.filter((difference) => difference.class === name);
    return {
      kind: 'class',
      id: `class:${name}`,
      class: name,
      count: all.length,
      accepted: acceptedOf(all),
      canImport: canImport && all.some(isImportable),
      children: reasonNodes(name, all, canImport),
    };
  });
  const equal: ClassNode = {
    kind: 'class',
    id: 'class:equal',
    class: 'equal',
    count: result.types.reduce((sum, type) => sum + type.equal, 0),
    accepted: 0,
    canImport: false,
    children: [],
  };
  const ranges = result.openRanges.map((range, index): RangeNode => ({ kind: 'range', id: `range:${index}`, range }));
  return [...classes, ...ranges, equal];
}

/** Differences at and below nodes. */
export function differencesBelow(nodes: readonly DifferenceNode[]): readonly FoundDifference[] {
  const found = nodes.flatMap((node): readonly FoundDifference[] => {
    switch (node.kind) {
      case 'resource':
        return [node.difference];
      case 'more':
        return node.differences;
      case 'class':
      case 'reason':
        return differencesBelow(node.children);
      case 'range':
        return [];
    }
  });
  return [...new Set(found)];
}

const acceptedOf = (all: readonly FoundDifference[]): number =>
  all.filter(({ accepted }) => accepted !== undefined).length;

function reasonNodes(
  name: DifferenceClass,
  all: readonly FoundDifference[],
  canImportAny: boolean,
): readonly ReasonNode[] {
  const groups = new Map<string, FoundDifference[]>();
  for (const difference of all) {
    const key = `${difference.type} ${difference.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, some]): readonly ReasonNode[] => {
      const [first] = some;
      if (first === undefined) return [];
      const canImport = canImportAny && isImportable(first);
      const id = `reason:${name}/${key}`;
      const rows = [...some].sort((a, b) => (a.id < b.id ? -1 : 1));
      const shown = rows.slice(0, rowsShown).map((difference): ResourceNode => ({
        kind: 'resource',
        id: `resource:${name}/${difference.type}/${difference.id}`,
        difference,
        canImport,
      }));
      const rest = rows.slice(rowsShown);
      const more: readonly MoreNode[] =
        rest.length === 0 ? [] : [{ kind: 'more', id: `more:${id}`, differences: rest }];
      return [
        {
          kind: 'reason',
          id,
          class: name,
          type: first.type,
          reason: first.reason,
          count: some.length,
          accepted: acceptedOf(some),
          canImport,
          children: [...shown, ...more],
        },
      ];
    });
}
