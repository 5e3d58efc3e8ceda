import { type Edit, edited, type ResourceJson, valueAt } from '../../azure/resourceEdits.ts';

/** Policies that the target knows; the same words as in a capability statement. */
export const versioningPolicies = ['no-version', 'versioned', 'versioned-update'] as const;
type Policy = (typeof versioningPolicies)[number];

const base = ['properties', 'resourceVersionPolicyConfiguration'];

/** The policy of a service that says nothing else (Microsoft Learn, FHIR versioning policy). */
const usual: Policy = 'versioned';

const isPolicy = (value: unknown): value is Policy => versioningPolicies.some((one) => one === value);

/** The policy that a target has for a type. */
function policyOf(target: ResourceJson, type: string): unknown {
  return valueAt(target, [...base, 'resourceTypeOverrides', type]) ?? valueAt(target, [...base, 'default']) ?? usual;
}

/**
 * What makes the versioning policy of a target that of a source, as the source's capability statement tells it: the
 * default that most types have, and an override for each other one. Empty when both mean the same.
 * @param versioning `rest.resource.versioning` by resource type
 */
export function versioningEdits(versioning: Readonly<Record<string, string>>, target: ResourceJson): readonly Edit[] {
  const wanted = Object.entries(versioning)
    .filter((entry): entry is [string, Policy] => isPolicy(entry[1]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const count = (policy: Policy): number => wanted.filter(([, one]) => one === policy).length;
  const most = versioningPolicies.find((policy) => count(policy) * 2 > wanted.length);
  const now = valueAt(target, [...base, 'default']) ?? usual;
  const byDefault: readonly Edit[] =
    most === undefined || most === now ? [] : [{ path: [...base, 'default'], value: most }];
  const then = edited(target, byDefault);
  const overrides = wanted
    .filter(([type, policy]) => policyOf(then, type) !== policy)
    .map(([type, policy]) => ({ path: [...base, 'resourceTypeOverrides', type], value: policy }));
  return [...byDefault, ...overrides];
}
