import { at } from '../../compare/configurationSettings.ts';
import { pages } from '../documentation.ts';
import type { About } from '../finding.ts';
import { finding, forAzureApiForFhir, inAzure, judge, listOf, type Rule, textOf } from '../rule.ts';

const customerKey: About = {
  id: 'platform.customerManagedKey',
  severity: 'action',
  title: 'Customer-managed key',
  guidance:
    'The target supports them today: it needs a versioned RSA 2048 or 3072 key in its region, and its identity the role Key Vault Crypto Service Encryption User, before the data.',
  documentation: pages.customerKeys,
};
const privateLink: About = {
  id: 'platform.privateLink',
  severity: 'action',
  title: 'Private Link is set on the workspace of the target',
  guidance:
    "Make private endpoints for the workspace (group 'healthcareworkspace') with the DNS zone privatelink.fhir.azurehealthcareapis.com. Allow five minutes.",
  documentation: pages.privateLink,
};
const publicAccess: About = {
  id: 'platform.publicNetworkAccess',
  severity: 'action',
  title: 'Public network access is off on the source',
  guidance:
    'Run the migration from inside the network, and close the target likewise: approving a private endpoint of its workspace turns public access off.',
  documentation: pages.privateLink,
};
const throughput: About = {
  id: 'platform.autoscale',
  severity: 'check',
  title: 'Autoscaling and provisioned throughput (RU/s)',
  guidance:
    'Exporting much data raises the consumed request units; with autoscaling that raises the bill: a support ticket makes the throughput fixed. The target scales by itself at no charge.',
  documentation: pages.throughput,
};

const invisible: readonly (readonly [about: About, seen: string])[] = [
  [
    {
      id: 'platform.zoneRedundancy',
      severity: 'check',
      title: 'Availability zones',
      guidance: 'If the source was made zone redundant, check whether the region of the target offers the same.',
      documentation: pages.recovery,
    },
    'Whether the source is zone redundant is not shown by Azure.',
  ],
  [
    {
      id: 'platform.pointInTimeRestore',
      severity: 'check',
      title: 'Point-in-time restore',
      guidance:
        'Both products restore on request only. Ask for the retention that you need, and keep exports of your own.',
      documentation: pages.recovery,
    },
    'What is kept for restores is not shown by Azure.',
  ],
  [
    {
      id: 'platform.crossRegionRecovery',
      severity: 'check',
      title: 'Cross-region disaster recovery',
      guidance:
        'The target has no second region. If you rely on one, keep a second service in step with continuous synchronisation.',
      documentation: pages.recovery,
    },
    'Whether the source is replicated to another region is not shown by Azure.',
  ],
];

/** The infrastructure below the services. */
export const platformRules: readonly Rule[] = [
  inAzure(({ source }) =>
    judge(customerKey, source.resource, (resource) =>
      (textOf(resource, 'cosmosDbConfiguration', 'keyVaultKeyUri') ??
        textOf(resource, 'encryption', 'customerManagedKeyEncryption', 'keyEncryptionKeyUrl')) === undefined
        ? undefined
        : `${source.name} is encrypted with a key of your own.`,
    ),
  ),
  inAzure(({ source }) =>
    judge(privateLink, source.resource, (resource) => {
      const connections = listOf(resource, 'privateEndpointConnections');
      return connections.length === 0 ? undefined : `${source.name} has ${connections.length} private endpoints.`;
    }),
  ),
  inAzure(({ source }) =>
    judge(publicAccess, source.resource, (resource) =>
      textOf(resource, 'publicNetworkAccess') === 'Disabled' ? `It is disabled on ${source.name}.` : undefined,
    ),
  ),
  forAzureApiForFhir(({ source }) =>
    judge(throughput, source.resource, (resource) => {
      const offered = at(resource, 'properties', 'cosmosDbConfiguration', 'offerThroughput');
      return typeof offered === 'number'
        ? `${source.name} has ${offered.toLocaleString('en')} RU/s; whether it scales by itself is not shown by Azure.`
        : `${source.name} does not tell its throughput.`;
    }),
  ),
  forAzureApiForFhir(() => invisible.map(([about, seen]) => finding(about, seen, 'not visible'))),
];
