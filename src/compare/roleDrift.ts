import { roleName, type RoleAssignment } from '../azure/roleAssignments.ts';
import type { ComparedEntry } from './comparison.ts';
import { documentText } from './stableOrder.ts';

/** Who may do what at a service, and where that was assigned. */
export interface ServiceRoles {
  readonly resourceId: string;
  /** Of the service's own identity, which is another one on every service. */
  readonly principalId: string | undefined;
  readonly assignments: readonly RoleAssignment[];
}

const keyOf = ({ roleDefinitionId, principalId }: RoleAssignment): string =>
  `${roleDefinitionId} ${principalId.toLowerCase()}`;

const words = (assignment: RoleAssignment, { resourceId }: ServiceRoles): string => {
  const here = assignment.scope === undefined || assignment.scope.toLowerCase() === resourceId.toLowerCase();
  const from = here ? 'assigned here' : 'inherited';
  return assignment.condition === undefined ? from : `${from}, under the condition ${assignment.condition}`;
};

/** Roles that somebody holds at one service and not at the other; where they come from does not matter. */
export function roleDrift(source: ServiceRoles, target: ServiceRoles): readonly ComparedEntry[] {
  const [from, to] = [byKey(source), byKey(target)];
  return [...new Set([...from.keys(), ...to.keys()])].sort().flatMap((key) => {
    const [left, right] = [from.get(key), to.get(key)];
    const one = left ?? right;
    if (one === undefined) return [];
    return [
      {
        path: [roleName(one.roleDefinitionId), `${one.principalType ?? 'Principal'} ${one.principalId}`],
        state: stateOf(left, right),
        source: left === undefined ? undefined : words(left, source),
        target: right === undefined ? undefined : words(right, target),
        when: 'after',
        guidance:
          right === undefined
            ? 'Assign the role on the target; identities of another tenant cannot be assigned there.'
            : left !== undefined && left.condition !== right.condition
              ? 'Both hold the role, but not under the same condition: check what it lets through.'
              : 'Held at the target.',
      } satisfies ComparedEntry,
    ];
  });
}

function stateOf(left: RoleAssignment | undefined, right: RoleAssignment | undefined): ComparedEntry['state'] {
  if (right === undefined) return 'missing';
  if (left === undefined) return 'onlyOnTarget';
  return left.condition === right.condition ? 'copied' : 'different';
}

/** Assignments at or above a service as text. */
export function rolesText(roles: ServiceRoles): string {
  const lines = [...byKey(roles).values()].map((assignment) => ({
    role: roleName(assignment.roleDefinitionId),
    principal: assignment.principalId.toLowerCase(),
    principalType: assignment.principalType ?? 'unknown',
    ...(assignment.condition === undefined ? {} : { condition: assignment.condition }),
  }));
  const sortKey = ({ role, principal }: (typeof lines)[number]): string => `${role} ${principal}`;
  return documentText(lines.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)));
}

function byKey(roles: ServiceRoles): ReadonlyMap<string, RoleAssignment> {
  const own = roles.principalId?.toLowerCase();
  return new Map(
    roles.assignments
      .filter(({ principalId }) => principalId.toLowerCase() !== own)
      // The same role twice: what holds without a condition counts.
      .toSorted((a, b) => Number(a.condition === undefined) - Number(b.condition === undefined))
      .map((assignment) => [keyOf(assignment), assignment]),
  );
}
