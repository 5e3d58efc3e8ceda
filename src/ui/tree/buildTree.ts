import * as l10n from '@vscode/l10n';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { ServiceFacts, Standing } from '../../services/portfolio/contract.ts';
import { standingOf } from '../../services/portfolio/standing.ts';
import { serviceKey, type AddedServer, type Catalog, type Problem } from './catalog.ts';
import { emptyState, showsWelcome } from './emptyState.ts';
import type { AddedNode, ProblemNode, ServiceNode, ServiceTreeNode, SubscriptionNode, WorkspaceNode } from './nodes.ts';

/** What a migration does with a service now, in words, by the service's endpoint without trailing slash. */
export type Activities = ReadonlyMap<string, string>;

/** What is known of services beside what discovery told. */
export interface KnownOfServices {
  readonly activities: Activities;
  /** By the id of a service. */
  readonly facts: ReadonlyMap<string, ServiceFacts>;
  /** By its endpoint; undefined before migrations are known. */
  readonly standings: ReadonlyMap<string, Standing> | undefined;
}

/** Endpoint in the form in which activities are kept: lower case, no trailing slash. */
export function endpointKey(endpoint: string): string {
  return endpoint.replace(/\/+$/, '').toLowerCase();
}

/** The tree of a catalog: subscription → (workspace →) service, then added servers, then what went wrong elsewhere. */
export function buildTree(
  catalog: Catalog,
  activities: Activities,
  facts: KnownOfServices['facts'] = new Map(),
  standings?: ReadonlyMap<string, Standing>,
): readonly ServiceTreeNode[] {
  const known: KnownOfServices = { activities, facts, standings };
  if (showsWelcome(catalog)) return [];
  const services = [...catalog.services.values()];
  const roots: ServiceTreeNode[] = subscriptionNodes(catalog, services, known);
  if (catalog.added.length > 0) roots.push(addedNode(catalog.added, known));
  for (const problem of catalog.problems) {
    if (problem.subscriptionId === undefined && problem.serviceId === undefined) {
      roots.push(problemNode(catalog, problem));
    }
  }
  const state = emptyState(catalog);
  const explained = catalog.problems.length > 0 && state !== 'loading' && state !== 'signedOut';
  if (state !== undefined && !explained) roots.push({ kind: 'hint', id: 'hint', state });
  return roots;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => a.name.localeCompare(b.name);

function subscriptionNodes(
  catalog: Catalog,
  services: readonly DiscoveredService[],
  known: KnownOfServices,
): SubscriptionNode[] {
  const keyOf = (place: { readonly tenantId?: string | undefined; readonly subscriptionId?: string | undefined }) =>
    `${place.tenantId ?? ''}|${place.subscriptionId ?? ''}`;
  const servicesOf = Map.groupBy(services, keyOf);
  const problemsOf = Map.groupBy(
    catalog.problems.filter(({ subscriptionId, serviceId }) => subscriptionId !== undefined || serviceId !== undefined),
    (problem) => {
      const subscriptionId = problem.subscriptionId ?? subscriptionOf(problem.serviceId ?? '');
      const known = catalog.subscriptions.find((info) => info.subscriptionId === subscriptionId);
      return keyOf({ tenantId: problem.tenantId ?? known?.tenantId, subscriptionId });
    },
  );
  const keys = new Set([...servicesOf.keys(), ...problemsOf.keys()]);
  return [...keys]
    .map((key) => {
      const [tenantId = '', subscriptionId = ''] = key.split('|');
      const info = catalog.subscriptions.find((known) => keyOf(known) === key);
      return {
        kind: 'subscription' as const,
        id: `subscription:${key}`,
        subscriptionId,
        tenantId: tenantId === '' ? undefined : tenantId,
        name: info?.name ?? subscriptionId,
        tenantName: catalog.tenants.find((tenant) => tenant.tenantId === tenantId)?.name,
        children: subscriptionChildren(catalog, servicesOf.get(key) ?? [], problemsOf.get(key) ?? [], known),
      };
    })
    .sort(byName);
}

function subscriptionChildren(
  catalog: Catalog,
  services: readonly DiscoveredService[],
  problems: readonly Problem[],
  known: KnownOfServices,
): readonly ServiceTreeNode[] {
  const problemsOfService = (id: string): readonly ServiceTreeNode[] =>
    problems.filter(({ serviceId }) => serviceId?.toLowerCase() === id).map((problem) => problemNode(catalog, problem));
  const nodeOf = (service: DiscoveredService): ServiceNode =>
    serviceNode(service, undefined, problemsOfService(service.id), known);
  const workspaces = Map.groupBy(
    services.filter(({ workspace }) => workspace !== undefined),
    ({ id }) => workspaceId(id),
  );
  const workspaceNodes = [...workspaces].map(([id, members]): WorkspaceNode => ({
    kind: 'workspace',
    id: `workspace:${members[0]?.tenantId ?? ''}|${id}`,
    name: members[0]?.workspace ?? id,
    resourceGroup: members[0]?.resourceGroup,
    children: members.map(nodeOf).sort((a, b) => byName(a.service, b.service)),
  }));
  const shown = new Set(services.map(({ id }) => id));
  return [
    ...services
      .filter(({ workspace }) => workspace === undefined)
      .map(nodeOf)
      .sort((a, b) => byName(a.service, b.service)),
    ...workspaceNodes.sort(byName),
    ...problems
      .filter(({ serviceId }) => serviceId === undefined || !shown.has(serviceId.toLowerCase()))
      .map((problem) => problemNode(catalog, problem)),
  ];
}

function addedNode(added: readonly AddedServer[], known: KnownOfServices): AddedNode {
  return {
    kind: 'added',
    id: 'added',
    children: added.flatMap((server): ServiceTreeNode[] => {
      if (server.service !== undefined) return [serviceNode(server.service, server.endpoint, [], known)];
      if (server.failure === undefined) return [];
      return [
        {
          kind: 'problem',
          id: `problem:added:${server.endpoint}`,
          about: new URL(server.endpoint).host,
          problem: { failure: server.failure },
          storedAddress: server.endpoint,
        },
      ];
    }),
  };
}

function serviceNode(
  service: DiscoveredService,
  storedAddress: string | undefined,
  children: readonly ServiceTreeNode[],
  known: KnownOfServices,
): ServiceNode {
  const id = storedAddress === undefined ? `service:${serviceKey(service)}` : `service:added:${storedAddress}`;
  const activity = known.activities.get(endpointKey(service.endpoint));
  const facts = known.facts.get(service.id);
  const standing = known.standings && standingOf(known.standings, service.endpoint);
  return { kind: 'service', id, service, storedAddress, activity, facts, standing, children };
}

function problemNode(catalog: Catalog, problem: Problem): ProblemNode {
  const { tenantId, subscriptionId, serviceId } = problem;
  const tenantName = catalog.tenants.find((tenant) => tenant.tenantId === tenantId)?.name ?? tenantId;
  const subscription = catalog.subscriptions.find((info) => info.subscriptionId === subscriptionId);
  const about =
    serviceId !== undefined
      ? (serviceId.split('/').at(-1) ?? serviceId)
      : subscriptionId !== undefined
        ? (subscription?.name ?? subscriptionId)
        : tenantName !== undefined
          ? l10n.t('Tenant {0}', tenantName)
          : 'Azure';
  const id = `problem:${tenantId ?? ''}|${subscriptionId ?? ''}|${serviceId ?? ''}`;
  return { kind: 'problem', id, about, problem, storedAddress: undefined };
}

const subscriptionOf = (resourceId: string): string | undefined =>
  /^\/subscriptions\/([^/]+)\//i.exec(resourceId)?.[1]?.toLowerCase();

const workspaceId = (resourceId: string): string => resourceId.replace(/\/fhirservices\/[^/]+$/i, '');
