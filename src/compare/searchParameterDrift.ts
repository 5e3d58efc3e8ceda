import { sameDefinition } from '../fhir/sameDefinition.ts';
import type { SearchParameterSource } from '../fhir/searchParameters.ts';
import type { ComparedEntry } from './comparison.ts';
import { driftText } from './drift.ts';

/** What stands between a search parameter and searches on the target; `ready` when nothing does. */
export type SearchParameterVerdict =
  'ready' | 'missing' | 'different' | 'notIndexed' | 'unsupported' | 'retired' | 'onlyOnTarget';

/** One custom search parameter three ways: definition on the source, definition on the target, `$status` there. */
export interface SearchParameterComparison {
  readonly url: string;
  /** Name in searches, for example `eye-colour`. */
  readonly code: string | undefined;
  readonly source: SearchParameterSource | undefined;
  readonly target: SearchParameterSource | undefined;
  /** As the target says, for example `Supported` or `Enabled`; undefined where it does not say. */
  readonly status: string | undefined;
  readonly verdict: SearchParameterVerdict;
}

/** States in which a parameter is no longer, or soon no longer, used (contracts of the services, 4.4). */
const retired: ReadonlySet<string> = new Set([
  'Disabled',
  'Deleted',
  'PendingDelete',
  'PendingHardDelete',
  'PendingDisable',
]);

/** @param status state of each parameter of the target by URL; undefined where the target has no `$status` */
export function compareSearchParameters(
  source: readonly SearchParameterSource[],
  target: readonly SearchParameterSource[],
  status: ReadonlyMap<string, string> | undefined,
): readonly SearchParameterComparison[] {
  const [from, to] = [byUrl(source), byUrl(target)];
  const urls = [...new Set([...from.keys(), ...to.keys()])].sort();
  return urls.map((url) => {
    const [left, right, state] = [from.get(url), to.get(url), status?.get(url)];
    const code = (left ?? right)?.resource.code;
    return {
      url,
      code: typeof code === 'string' ? code : undefined,
      source: left,
      target: right,
      status: state,
      verdict: verdictOf(left, right, state, status !== undefined),
    };
  });
}

function verdictOf(
  source: SearchParameterSource | undefined,
  target: SearchParameterSource | undefined,
  status: string | undefined,
  statusKnown: boolean,
): SearchParameterVerdict {
  if (target === undefined) return 'missing';
  if (source === undefined) return 'onlyOnTarget';
  if (!sameDefinition(source.resource, target.resource)) return 'different';
  if (!statusKnown || status === 'Enabled') return 'ready';
  if (status === 'Unsupported') return 'unsupported';
  return status !== undefined && retired.has(status) ? 'retired' : 'notIndexed';
}

const guidance: Readonly<Record<SearchParameterVerdict, string>> = {
  ready: 'Searches use it.',
  missing: 'Copy it to the target before the data, then reindex.',
  different: 'Both services have this URL with another definition; it is never overwritten without your word.',
  notIndexed: 'The target has it but searches without it: run a reindex.',
  unsupported: 'The target cannot index this type or expression.',
  retired: 'The target no longer uses it: enable it again, then reindex.',
  onlyOnTarget: 'The source does not have it.',
};

/** The same as entries of a comparison. */
export function searchParameterEntries(compared: readonly SearchParameterComparison[]): readonly ComparedEntry[] {
  return compared.map(({ url, source, target, status, verdict }) => ({
    path: [url],
    state: verdict === 'ready' ? 'copied' : verdict === 'missing' || verdict === 'onlyOnTarget' ? verdict : 'different',
    source: source === undefined ? undefined : driftText(source.resource),
    target:
      target === undefined ? undefined : `${driftText(target.resource)}${status === undefined ? '' : ` [${status}]`}`,
    when: 'before',
    guidance: guidance[verdict],
    ...(verdict === 'different' ? { overwrites: true } : {}),
    ...(verdict === 'notIndexed' || verdict === 'unsupported' || verdict === 'retired' ? { unused: verdict } : {}),
  }));
}

const byUrl = (parameters: readonly SearchParameterSource[]): ReadonlyMap<string, SearchParameterSource> =>
  new Map(parameters.map((parameter) => [parameter.url, parameter]));
