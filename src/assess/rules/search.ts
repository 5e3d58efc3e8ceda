import { pages } from '../documentation.ts';
import type { About } from '../finding.ts';
import { finding, forAzureApiForFhir, judge, type Rule, some, together, withTarget } from '../rule.ts';

/** What searches and bundles do otherwise on the target; nothing stops working. */
const differences: readonly (readonly [about: About, seen: string])[] = [
  [
    {
      id: 'search.bundles',
      severity: 'information',
      title: 'Bundles: the target takes transactions as well as batches',
      guidance: 'Work-arounds for missing transactions can go after cutover.',
      documentation: pages.rest,
    },
    'Azure API for FHIR takes batch bundles only.',
  ],
  [
    {
      id: 'search.include',
      severity: 'information',
      title: '_include and _revinclude with the iterate modifier work on the target',
      guidance: 'Queries that followed references in several steps can be one search.',
      documentation: pages.search,
    },
    'Azure API for FHIR does not support iterate.',
  ],
  [
    {
      id: 'search.sorting',
      severity: 'information',
      title: 'Sorting works by all string and dateTime parameters on the target',
      guidance: 'Compare the order of results where applications rely on it.',
      documentation: pages.search,
    },
    'Azure API for FHIR sorts by first name, last name, birth date and clinical date.',
  ],
  [
    {
      id: 'search.chained',
      severity: 'check',
      title: 'Chained searches behave differently',
      guidance:
        'Azure API for FHIR limits what a chain may find in between. Run the chained searches of your applications against both.',
      documentation: pages.search,
    },
    'The two products resolve chains in different databases.',
  ],
  [
    {
      id: 'search.selectable',
      severity: 'information',
      title: 'Selectable search parameters',
      guidance: 'Parameters that nobody uses can be disabled on the target with SearchParameter/$status.',
      documentation: pages.selectableSearch,
    },
    'Only the target lets you turn single search parameters off.',
  ],
];

const transactions: About = {
  id: 'search.transactionsMissing',
  severity: 'check',
  title: 'The target does not offer transactions, the source does',
  guidance: 'Applications that post transaction bundles need another target or another way.',
  documentation: pages.rest,
};

const missing: About = {
  id: 'search.parametersMissing',
  severity: 'check',
  title: 'Search parameters of the source are missing on the target',
  guidance:
    'Custom ones are copied by the migration before the data. Standard ones that stay away are disabled on the target or not supported there.',
  documentation: pages.selectableSearch,
};

export const searchRules: readonly Rule[] = [
  forAzureApiForFhir(() => differences.map(([about, seen]) => finding(about, seen, 'ARM resource type'))),
  withTarget(({ source }, target) =>
    judge(transactions, together(source.metadata, target.metadata), ([from, to]) =>
      from.transactions && !to.transactions ? `${target.name} lists no transaction interaction.` : undefined,
    ),
  ),
  withTarget(({ source }, target) =>
    judge(missing, together(source.metadata, target.metadata), ([from, to]) => {
      const names = Object.entries(from.searchParameters).flatMap(([type, parameters]) => {
        const there = new Set(to.searchParameters[type] ?? []);
        return parameters.filter((name) => !there.has(name)).map((name) => `${type}.${name}`);
      });
      return names.length === 0 ? undefined : `${names.length.toLocaleString('en')}: ${some(names)}.`;
    }),
  ),
];
