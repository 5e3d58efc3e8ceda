import { randomUUID } from 'node:crypto';
import { grants, type RoleDefinition } from './roles.ts';

export interface RoleAssignment {
  /** GUID, the last part of its id. */
  readonly name: string;
  /** Without a trailing slash; empty is the tenant's root. */
  readonly scope: string;
  readonly role: RoleDefinition;
  readonly principalId: string;
  readonly principalType: 'ServicePrincipal' | 'User' | 'Group';
  readonly createdOn: string;
}

/** Who holds which role where. A role at a scope holds at everything below. */
export class RoleAssignments {
  readonly #byName = new Map<string, RoleAssignment>();

  /** Adds an assignment; a name of its own is made up unless one is given. */
  add(
    assignment: Omit<RoleAssignment, 'name' | 'createdOn'> & { readonly name?: string; readonly createdOn?: string },
  ): RoleAssignment {
    const added = { name: randomUUID() as string, createdOn: new Date().toISOString(), ...assignment };
    this.#byName.set(added.name.toLowerCase(), added);
    return added;
  }

  get(name: string): RoleAssignment | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  remove(name: string): void {
    this.#byName.delete(name.toLowerCase());
  }

  /** Forgets everything that a deleted principal held. */
  removePrincipal(principalId: string): void {
    for (const assignment of this.all()) if (assignment.principalId === principalId) this.remove(assignment.name);
  }

  all(): readonly RoleAssignment[] {
    return [...this.#byName.values()];
  }

  /** At the scope and above it. */
  at(scope: string): readonly RoleAssignment[] {
    return this.all().filter((assignment) => contains(assignment.scope, scope));
  }

  /** Below the scope, not at it. */
  below(scope: string): readonly RoleAssignment[] {
    return this.all().filter(
      (assignment) => contains(scope, assignment.scope) && assignment.scope.toLowerCase() !== scope.toLowerCase(),
    );
  }

  rolesOf(principalId: string, scope: string): readonly RoleDefinition[] {
    return this.at(scope)
      .filter((assignment) => assignment.principalId === principalId)
      .map((assignment) => assignment.role);
  }

  mayAct(principalId: string, scope: string, action: string): boolean {
    return this.rolesOf(principalId, scope).some((role) => grants(role, action, 'actions'));
  }

  mayActOnData(principalId: string, scope: string, action: string): boolean {
    return this.rolesOf(principalId, scope).some((role) => grants(role, action, 'dataActions'));
  }
}

function contains(outer: string, inner: string): boolean {
  const [out, within] = [outer.toLowerCase(), inner.toLowerCase()];
  return out === '' || within === out || within.startsWith(`${out}/`);
}
