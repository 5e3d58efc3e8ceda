import * as l10n from '@vscode/l10n';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { ServiceFacts, Standing } from '../../services/portfolio/contract.ts';
import { portfolioSummary, retirementWords, sizeWords, standingWords } from '../words/portfolioWords.ts';
import { formatCount } from '../words/format.ts';
import { plainLabel, plainMarkdown } from '../words/serverText.ts';
import { importModeName, isReady, kindName, releaseName, serviceSummary } from '../words/serviceWords.ts';
import { failureTooltip } from '../feedback/failureWords.ts';
import { hintOf } from './hints.ts';
import { contextTokens, type ItemData } from './itemData.ts';
import type { ProblemNode, ServiceNode, ServiceTreeNode } from './nodes.ts';

/** How a node of the Services view looks and what it is called. Pure: everything that it shows is in the node. */
export function render(node: ServiceTreeNode): ItemData {
  switch (node.kind) {
    case 'subscription':
      return {
        id: node.id,
        label: plainLabel(node.name),
        ...(node.tenantName === undefined ? {} : { description: plainLabel(node.tenantName) }),
        tooltip: table([
          [l10n.t('Subscription'), node.name],
          [l10n.t('Subscription id'), node.subscriptionId],
          [l10n.t('Tenant'), named(node.tenantName, node.tenantId)],
        ]),
        icon: 'key',
        expansion: 'expanded',
        contextValue: contextTokens('subscription', 'inAzure'),
        accessibleLabel: l10n.t('Subscription {0}, {1}', node.name, services(node)),
      };
    case 'workspace':
      return {
        id: node.id,
        label: plainLabel(node.name),
        description: l10n.t('Workspace'),
        tooltip: table([
          [l10n.t('AHDS workspace'), node.name],
          [l10n.t('Resource group'), node.resourceGroup],
        ]),
        icon: 'folder-library',
        expansion: 'expanded',
        contextValue: contextTokens('workspace', 'inAzure'),
        accessibleLabel: l10n.t('AHDS workspace {0}, {1}', node.name, services(node)),
      };
    case 'added':
      return {
        id: node.id,
        label: l10n.t('Added by Address'),
        icon: 'globe',
        expansion: 'expanded',
        contextValue: contextTokens('added'),
        accessibleLabel: l10n.t('Added by address, {0}', services(node)),
      };
    case 'service':
      return renderService(node);
    case 'problem':
      return renderProblem(node);
    case 'hint':
      return { id: node.id, ...hintOf(node.state) };
  }
}

function renderService(node: ServiceNode): ItemData {
  const { service, activity, facts, standing } = node;
  const summary = [serviceSummary(service), ...portfolioSummary(service.kind, facts, standing)].join(' · ');
  const description = activity === undefined ? summary : `${activity} · ${summary}`;
  return {
    id: node.id,
    label: plainLabel(service.name),
    description: plainLabel(description),
    tooltip: serviceTooltip(service, facts, standing),
    ...serviceIcon(node),
    expansion: node.children.length > 0 ? 'expanded' : 'none',
    contextValue: contextTokens(
      'service',
      service.kind,
      'canBeSource',
      service.kind === 'ahds' && 'canBeTarget',
      service.resourceId !== undefined && 'inAzure',
      node.storedAddress !== undefined && 'removable',
      activity !== undefined && 'migrating',
    ),
    accessibleLabel: [
      l10n.t('{0} {1}', kindName(service.kind), service.name),
      service.fhirVersion === undefined ? undefined : l10n.t('FHIR {0}', releaseName(service.fhirVersion)),
      service.location,
      isReady(service) ? l10n.t('ready') : l10n.t('state {0}', service.provisioningState ?? ''),
      activity,
      ...portfolioSummary(service.kind, facts, standing),
      node.children.length > 0 ? l10n.t('could not be loaded completely') : undefined,
    ]
      .filter((part) => part !== undefined)
      .join(', '),
  };
}

/** Shapes differ by kind and state, so that colour says nothing alone. */
function serviceIcon({ service, activity, children }: ServiceNode): Pick<ItemData, 'icon' | 'color'> {
  if (children.length > 0 || service.provisioningState === 'Failed') {
    return { icon: 'warning', color: 'list.warningForeground' };
  }
  if (activity !== undefined) return { icon: 'sync~spin' };
  if (!isReady(service)) return { icon: 'clock' };
  switch (service.kind) {
    case 'azureApiForFhir':
      return { icon: 'database' };
    case 'ahds':
      return { icon: 'flame' };
    case 'fhirServer':
      return { icon: 'server' };
  }
}

/** Facts of a service as markdown: everything that Azure told of it. */
export function serviceTooltip(service: DiscoveredService, facts?: ServiceFacts, standing?: Standing): string {
  return table([
    [kindName(service.kind), service.name],
    [l10n.t('Endpoint'), service.endpoint],
    [l10n.t('FHIR version'), service.fhirVersion],
    [l10n.t('Location'), service.location],
    [l10n.t('Size'), sizeWords(facts)],
    [l10n.t('Retirement'), facts && retirementWords(facts.retirement)],
    [l10n.t('Migration'), standing && standingWords(standing)],
    [l10n.t('Resource group'), service.resourceGroup],
    [l10n.t('Workspace'), service.workspace],
    [l10n.t('Subscription id'), service.subscriptionId],
    [l10n.t('Tenant'), service.tenantId],
    [l10n.t('Provisioning state'), service.provisioningState],
    [
      l10n.t('Export storage'),
      service.exportStorageAccount ?? (service.resourceId === undefined ? undefined : l10n.t('not configured')),
    ],
    [l10n.t('Import mode'), importModeName(service.importMode)],
    [l10n.t('Import storage'), service.importStorageAccount],
    [l10n.t('Managed identity'), identityName(service.identity)],
    [
      l10n.t('Public network access'),
      service.publicNetworkAccess === undefined
        ? undefined
        : service.publicNetworkAccess
          ? l10n.t('on')
          : l10n.t('off'),
    ],
  ]);
}

function identityName(identity: DiscoveredService['identity']): string | undefined {
  switch (identity) {
    case undefined:
      return undefined;
    case 'none':
      return l10n.t('none');
    case 'systemAssigned':
      return l10n.t('system-assigned');
    case 'userAssigned':
      return l10n.t('user-assigned');
    case 'both':
      return l10n.t('system-assigned and user-assigned');
  }
}

function renderProblem(node: ProblemNode): ItemData {
  const { failure, tenantId } = node.problem;
  const needsSignIn = failure.kind === 'notSignedIn';
  return {
    id: node.id,
    label: plainLabel(node.about),
    description: plainLabel(failure.message),
    tooltip: failureTooltip(failure),
    icon: needsSignIn ? 'account' : 'warning',
    ...(needsSignIn ? {} : { color: 'list.warningForeground' }),
    expansion: 'none',
    contextValue: contextTokens(
      'problem',
      failure.kind,
      needsSignIn && (tenantId === undefined ? 'canSignIn' : 'canSignInToTenant'),
      'canRetry',
      node.storedAddress !== undefined && 'removable',
    ),
    accessibleLabel: l10n.t('Problem with {0}: {1}', node.about, failure.message),
    command: needsSignIn
      ? { id: 'fhirMigration.signInToTenant', title: l10n.t('Sign In') }
      : { id: 'fhirMigration.showProblem', title: l10n.t('Show Details') },
  };
}

function services(node: Extract<ServiceTreeNode, { children: readonly ServiceTreeNode[] }>): string {
  const count = countServices(node.children);
  return count === 1 ? l10n.t('1 service') : l10n.t('{0} services', formatCount(count));
}

const countServices = (nodes: readonly ServiceTreeNode[]): number =>
  nodes.reduce(
    (sum, node) => sum + (node.kind === 'service' ? 1 : 'children' in node ? countServices(node.children) : 0),
    0,
  );

const named = (name: string | undefined, id: string | undefined): string | undefined =>
  name === undefined ? id : id === undefined ? name : `${name} (${id})`;

/** Two columns as a markdown list; rows without a value are left out. */
function table(rows: readonly (readonly [string, string | undefined])[]): string {
  return rows
    .filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '')
    .map(([name, value]) => `**${plainMarkdown(name)}:** ${plainMarkdown(value)}`)
    .join('  \n');
}
