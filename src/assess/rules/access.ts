import { at } from '../../compare/configurationSettings.ts';
import { roleName } from '../../azure/roleAssignments.ts';
import { pages } from '../documentation.ts';
import type { About } from '../finding.ts';
import {
  anywhere,
  finding,
  forAzureApiForFhir,
  inAzure,
  judge,
  listOf,
  type Rule,
  some,
  textOf,
  together,
  withTarget,
} from '../rule.ts';
import type { ServiceSnapshot } from '../snapshot.ts';

const localRbac: About = {
  id: 'access.localRbac',
  severity: 'action',
  title: 'Local RBAC (allowed object ids) is not supported on the target',
  guidance:
    'Assign the role FHIR Data Contributor on the target to each id, or a smaller role where it suffices. Ids of another tenant cannot be assigned there.',
  documentation: pages.localRbac,
};
const authority: About = {
  id: 'access.customAuthority',
  severity: 'action',
  title: 'A custom authority is not supported on the target',
  guidance:
    'Tokens must come from the tenant of the target. Bring users and applications into it, or use SMART identity providers for external ones.',
  documentation: pages.migration,
};
const smartProxy: About = {
  id: 'access.smartProxy',
  severity: 'action',
  title: 'The SMART on FHIR proxy was retired on 21 September 2026',
  guidance:
    'Move applications to SMART on FHIR (Enhanced): role FHIR SMART User, and SMART identity providers for other issuers.',
  documentation: pages.smart,
};
const roles: About = {
  id: 'access.roleAssignments',
  severity: 'action',
  title: 'RBAC: role assignments of the source are missing on the target',
  guidance: 'Assign the same roles on the target (Access control (IAM)) before cutover. Inherited ones need no copy.',
  documentation: pages.rbac,
};
const audience: About = {
  id: 'access.audience',
  severity: 'check',
  title: 'Applications must ask for another audience',
  guidance: "Tokens for the old service's address are refused by the new one: change the audience in each application.",
  documentation: pages.authentication,
};
const clients: About = {
  id: 'access.clientRegistration',
  severity: 'check',
  title: 'Client registration: permissions of applications must be set up again',
  guidance: 'List the applications that use the source, give each a role on the target, and change its address.',
  documentation: pages.rbac,
};

const scopedTo = ({ resourceId }: ServiceSnapshot, scope: string | undefined): boolean =>
  resourceId !== undefined && scope?.toLowerCase() === resourceId.toLowerCase();

const isNamed = (policy: unknown): policy is { readonly objectId: string } =>
  typeof policy === 'object' && policy !== null && 'objectId' in policy && typeof policy.objectId === 'string';

/** Who may use the services, and how they sign in. */
export const accessRules: readonly Rule[] = [
  inAzure(({ source }) =>
    judge(localRbac, source.resource, (resource) => {
      const ids = listOf(resource, 'accessPolicies');
      if (ids.length === 0) return undefined;
      const named = ids.flatMap((policy) => (isNamed(policy) ? policy.objectId : []));
      return `${ids.length} object ids are allowed on ${source.name} by access policies: ${some(named)}.`;
    }),
  ),
  inAzure(({ source }) =>
    judge(authority, source.resource, (resource) => {
      const value = textOf(resource, 'authenticationConfiguration', 'authority');
      const { tenantId } = source;
      if (value === undefined) return undefined;
      if (tenantId === undefined)
        return {
          seen: `The authority is ${value}; whether that is the tenant of ${source.name} is not known.`,
          severity: 'check',
        };
      return value.toLowerCase().includes(`/${tenantId.toLowerCase()}`)
        ? undefined
        : `The authority is ${value}, not the tenant ${tenantId} of ${source.name}.`;
    }),
  ),
  inAzure(({ source }) =>
    judge(smartProxy, source.resource, (resource) =>
      at(resource, 'properties', 'authenticationConfiguration', 'smartProxyEnabled') === true
        ? `It is turned on for ${source.name}.`
        : undefined,
    ),
  ),
  inAzure(
    withTarget(({ source }, target) =>
      judge(roles, together(source.roles, target.roles), ([from, to]) => {
        const key = ({ principalId, roleDefinitionId }: (typeof from)[number]) => `${principalId}/${roleDefinitionId}`;
        const there = new Set(to.map(key));
        const missing = from.filter((one) => scopedTo(source, one.scope) && !there.has(key(one)));
        return missing.length === 0
          ? undefined
          : `${missing.length} assignments: ${some([...new Set(missing.map((one) => roleName(one.roleDefinitionId)))])}.`;
      }),
    ),
  ),
  anywhere(({ source, target }) => [
    finding(
      audience,
      target === undefined
        ? `The new service will not be ${source.endpoint}.`
        : `${source.endpoint} becomes ${target.endpoint}.`,
      'service addresses',
    ),
  ]),
  forAzureApiForFhir(({ source }) => [
    finding(clients, `Which applications use ${source.name} cannot be seen in its configuration.`, 'not visible'),
  ]),
];
