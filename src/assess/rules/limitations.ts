import { pages } from '../documentation.ts';
import type { About } from '../finding.ts';
import { anywhere, finding, forAzureApiForFhir, type Rule } from '../rule.ts';

/** The limitations of the guide, as they stand today. */
const limitations: readonly (readonly [about: About, seen: string])[] = [
  [
    {
      id: 'limitations.newAddress',
      severity: 'check',
      title: 'The new service has a new address',
      guidance: 'Point every application to it at cutover.',
      documentation: pages.migration,
    },
    'The data moves to another service.',
  ],
  [
    {
      id: 'limitations.configuration',
      severity: 'information',
      title: 'A migration moves resources, not configuration',
      guidance: 'Set the configuration of the target as the findings below "Configuration" say.',
      documentation: pages.migration,
    },
    'Exports hold resources only.',
  ],
  [
    {
      id: 'limitations.history',
      severity: 'check',
      title: 'Historical versions and soft deletes move only if the plan says so',
      guidance: 'Decide before the first window: scope.history and scope.softDeleted of the plan.',
      documentation: pages.importing,
    },
    'Current exports and imports support both.',
  ],
  [
    {
      id: 'limitations.hardDeletes',
      severity: 'check',
      title: 'Hard deletes on the source during the migration leave no trace',
      guidance: 'Avoid them until cutover, or note them and delete the same resources on the target.',
      documentation: pages.migration,
    },
    'A hard-deleted resource is in no export, not even as deleted.',
  ],
];

const prepare: readonly (readonly [about: About, seen: string])[] = [
  [
    {
      id: 'limitations.cleanUp',
      severity: 'information',
      title: 'Take the opportunity to clean up',
      guidance: 'Data and services that nobody uses need not be moved: a plan can be limited to types and dates.',
      documentation: pages.migration,
    },
    'What is in use only its owners know.',
  ],
  [
    {
      id: 'limitations.jobs',
      severity: 'check',
      title: 'Cancel reindexing and large imports on the source, and set up recurring jobs again',
      guidance: 'They slow exports down. Recurring jobs, such as exports, must be set up on the target after cutover.',
      documentation: pages.exportingGen1,
    },
    'Recurring jobs run outside of the service and cannot be seen.',
  ],
  [
    {
      id: 'limitations.decommission',
      severity: 'information',
      title: 'After cutover: turn off pipelines, delete staged files, and decommission the source',
      guidance:
        'Do it only when you are confident that the target is stable. Staged files hold patient data: delete them first.',
      documentation: pages.migration,
    },
    'The old service and the staged files stay until somebody deletes them.',
  ],
];

export const limitationRules: readonly Rule[] = [
  anywhere(() => limitations.map(([about, seen]) => finding(about, seen, 'product'))),
  forAzureApiForFhir(() => prepare.map(([about, seen]) => finding(about, seen, 'product'))),
];
