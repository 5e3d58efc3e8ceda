import type { Plan } from '../../engine/plan.ts';
import type { LeftOut } from '../../engine/prediction/prediction.ts';
import { FailureError } from '../../failure/failure.ts';
import { countTypes } from '../../fhir/countTypes.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import type { CountedPlan } from './predictPlan.ts';

type Counts = Readonly<Record<string, number>>;

/** Counts what a plan leaves behind: types, ranges, versions, and what no export holds. One request where it is needed. */
export async function leftOutOf(
  plan: Plan,
  source: FhirClient,
  known: CountedPlan | undefined,
  signal: AbortSignal,
): Promise<readonly LeftOut[]> {
  const { scope } = plan;
  const limited = scope.resourceTypes !== undefined || scope.since !== undefined || scope.till !== undefined;
  const all = limited && known !== undefined ? await everything(source, known.types, signal) : known?.counts;
  return [
    ...otherTypes(plan, all),
    ...outsideOfRange(plan, all, known?.current),
    ...versions(plan, known),
    ...searchParameters(plan, all),
    { what: 'Hard deletes on the source, which leave no trace', resources: undefined },
  ];
}

function otherTypes({ scope: { resourceTypes } }: Plan, all: Counts | undefined): readonly LeftOut[] {
  if (resourceTypes === undefined) return [];
  const others = Object.entries(all ?? {}).filter(([type, of]) => of > 0 && !resourceTypes.includes(type));
  const names = others.map(([type]) => type).sort();
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  const what = names.length === 0 ? 'Other resource types' : `Resource types ${names.slice(0, 5).join(', ')}${more}`;
  return [{ what, resources: all && sum(others) }];
}

function outsideOfRange({ scope }: Plan, all: Counts | undefined, inRange: number | undefined): readonly LeftOut[] {
  if (scope.since === undefined && scope.till === undefined) return [];
  const wanted = Object.entries(all ?? {}).filter(([type]) => scope.resourceTypes?.includes(type) ?? true);
  const known = all !== undefined && inRange !== undefined;
  return [
    {
      what: 'Resources last changed outside of the range',
      resources: known ? Math.max(0, sum(wanted) - inRange) : undefined,
    },
  ];
}

function versions({ scope }: Plan, known: CountedPlan | undefined): readonly LeftOut[] {
  if (scope.history) return scope.softDeleted ? [] : [{ what: 'Deleted resources', resources: undefined }];
  const what = scope.softDeleted
    ? 'Older versions (deleted resources among them do move)'
    : 'Older versions and deleted resources';
  const { current, versions: held } = known ?? {};
  const resources = current === undefined || held === undefined ? undefined : Math.max(0, held - current);
  return [{ what, resources }];
}

function searchParameters({ options }: Plan, all: Counts | undefined): readonly LeftOut[] {
  const resources = all?.SearchParameter ?? 0;
  if (resources === 0) return [];
  const what = options.searchParameters
    ? 'Search parameters, which are copied over REST instead'
    : 'Search parameters, which an import refuses';
  return [{ what, resources }];
}

const sum = (counts: readonly (readonly [string, number])[]): number => counts.reduce((all, [, of]) => all + of, 0);

async function everything(
  source: FhirClient,
  types: readonly string[],
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>> | undefined> {
  try {
    const counts = await countTypes(source, types, {}, signal);
    return counts.size === types.length ? Object.fromEntries(counts) : undefined;
  } catch (error) {
    if (FailureError.is(error, 'cancelled')) throw error;
    return undefined;
  }
}
