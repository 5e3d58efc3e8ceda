import type { Caller } from './http.ts';
import { fhirError } from './outcome.ts';

/** What a role may allow. */
export type DataAction =
  'read' | 'write' | 'delete' | 'hardDelete' | 'export' | 'import' | 'reindex' | 'searchParameter' | 'bulkDelete';

const every: readonly DataAction[] = [
  'read',
  'write',
  'delete',
  'hardDelete',
  'export',
  'import',
  'reindex',
  'searchParameter',
  'bulkDelete',
];

/** Azure roles and what they allow. Microsoft Learn, healthcare-apis: configure-azure-rbac. */
const actionsOfRole: Readonly<Record<string, readonly DataAction[]>> = {
  'FHIR Data Reader': ['read'],
  'FHIR Data Writer': ['read', 'write', 'delete', 'bulkDelete'],
  'FHIR Data Exporter': ['read', 'export'],
  'FHIR Data Importer': ['read', 'import'],
  'FHIR Data Contributor': every,
  'Search Parameter Manager': ['read', 'searchParameter'],
};

/** All roles that the sandbox knows. */
export const fhirRoles: readonly string[] = Object.keys(actionsOfRole);

/** True when one of the caller's roles allows the action. */
export function mayDo(caller: Caller, action: DataAction): boolean {
  for (const role of caller.roles) if (actionsOfRole[role]?.includes(action) === true) return true;
  return false;
}

/** @throws FhirError 403 when none of the caller's roles allows each of the actions. */
export function requireActions(caller: Caller, ...actions: readonly DataAction[]): void {
  if (!actions.every((action) => mayDo(caller, action))) throw fhirError(403, 'forbidden', 'Authorization failed.');
}
