import { contentDifferences } from './contentDifferences.ts';
import type { Json, QueryAnswer } from '../../fhir/queryAnswer.ts';

export type QueryDifferenceKind = 'status' | 'total' | 'ignored' | 'matches' | 'order' | 'included' | 'content';

/** One way in which the two answers differ. Texts name resources by type and id and elements by path, never content. */
export interface QueryDifference {
  readonly kind: QueryDifferenceKind;
  readonly source: string;
  readonly target: string;
}

export interface ComparedAnswers {
  readonly differences: readonly QueryDifference[];
  /** What could not be compared, and why. */
  readonly notes: readonly string[];
  /** Matches that were laid side by side. */
  readonly compared: number;
}

/** Of one kind, so many differences are told. */
const shownOfKind = 5;

/** Lays the answers of two services to one search side by side. @param sorted the search says in which order it wants its results */
export function compareAnswers(source: QueryAnswer, target: QueryAnswer, sorted: boolean): ComparedAnswers {
  if (source.status !== target.status)
    return {
      differences: [{ kind: 'status', source: answered(source), target: answered(target) }],
      notes: [],
      compared: 0,
    };
  if (source.status !== 200)
    return { differences: [], notes: [`Both services answered ${answered(source)}.`], compared: 0 };
  const differences: QueryDifference[] = [];
  const notes: string[] = [];
  if (source.total !== target.total)
    differences.push({ kind: 'total', source: count(source.total), target: count(target.total) });
  const ignored = [source, target].map((answer) => answer.ignored.join(', '));
  if (ignored[0] !== ignored[1])
    differences.push({ kind: 'ignored', source: leftOut(source.ignored), target: leftOut(target.ignored) });
  else if (source.ignored.length > 0) notes.push(`Both services ignore ${source.ignored.join(', ')}.`);
  const [left, right] = [named(source.matches), named(target.matches)];
  // Without an order that the search asks for, every service begins with whatever it finds first.
  const comparable = sorted || (source.complete && target.complete);
  if (comparable) {
    differences.push(...onlyOnOne('matches', left, right), ...order(left, right, sorted));
    if (source.complete && target.complete)
      differences.push(...onlyOnOne('included', named(source.included), named(target.included)));
  } else notes.push('More results than were read, and no _sort: which come first is up to each service.');
  const shared = [...left].flatMap(([name, resource]) => {
    const other = right.get(name);
    return other === undefined ? [] : [[name, resource, other] as const];
  });
  differences.push(...content(shared));
  return { differences, notes, compared: shared.length };
}

const answered = ({ status, diagnostics }: QueryAnswer): string =>
  [String(status), ...diagnostics.slice(0, 1)].join(': ').slice(0, 300);
const count = (total: number | undefined): string => (total === undefined ? 'not told' : String(total));
const leftOut = (names: readonly string[]): string => (names.length === 0 ? 'uses all' : `ignores ${names.join(', ')}`);

const named = (resources: readonly Json[]): ReadonlyMap<string, Json> =>
  new Map(resources.map((resource) => [`${String(resource.resourceType)}/${String(resource.id)}`, resource]));

function onlyOnOne(
  kind: 'matches' | 'included',
  left: ReadonlyMap<string, Json>,
  right: ReadonlyMap<string, Json>,
): readonly QueryDifference[] {
  const gone = [...left.keys()].filter((name) => !right.has(name));
  const came = [...right.keys()].filter((name) => !left.has(name));
  if (gone.length === 0 && came.length === 0) return [];
  return [{ kind, source: only(gone), target: only(came) }];
}

function only(names: readonly string[]): string {
  if (names.length === 0) return 'nothing more';
  const shown = names.slice(0, shownOfKind).join(', ');
  return names.length > shownOfKind
    ? `only here: ${shown} and ${names.length - shownOfKind} more`
    : `only here: ${shown}`;
}

function order(
  left: ReadonlyMap<string, Json>,
  right: ReadonlyMap<string, Json>,
  sorted: boolean,
): readonly QueryDifference[] {
  if (!sorted) return [];
  const [a, b] = [
    [...left.keys()].filter((name) => right.has(name)),
    [...right.keys()].filter((name) => left.has(name)),
  ];
  const place = a.findIndex((name, index) => b[index] !== name);
  if (place < 0) return [];
  return [{ kind: 'order', source: `${a[place] ?? ''} at ${place + 1}`, target: `${b[place] ?? ''} at ${place + 1}` }];
}

function content(shared: readonly (readonly [name: string, source: Json, target: Json])[]): readonly QueryDifference[] {
  const found = shared.flatMap(([name, source, target]) => {
    const paths = contentDifferences(source, target, shownOfKind);
    return paths.length === 0 ? [] : [{ name, paths }];
  });
  return found.slice(0, shownOfKind).map(({ name, paths }) => ({
    kind: 'content',
    source: name,
    target: `differs in ${paths.join(', ')}${found.length > shownOfKind ? ` (and ${found.length - shownOfKind} more resources)` : ''}`,
  }));
}
